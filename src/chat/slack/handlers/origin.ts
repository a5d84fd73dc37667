import type { BlockAction, SlashCommand } from '@slack/bolt';
import { z } from 'zod';
import type { MessageRef } from '../../platform.ts';
import { toRef } from '../ref.ts';
import { ResponseAddress } from './response-url.ts';

/** Where something was typed or clicked; dialogs carry it along until they are submitted. */
export const Origin = z.object({
  /** Null on the Home tab, which is in no channel. */
  channel: z.string().nullable(),
  /** The root of the thread it was in. */
  threadTs: z.string().nullable(),
  responseUrl: ResponseAddress.nullable(),
  /** The message whose button was pressed. `direct`: the bot's own, in the person's direct messages. */
  pressed: z.object({ kind: z.enum(['public', 'ephemeral', 'direct']), ts: z.string() }).nullable(),
});
export type Origin = z.infer<typeof Origin>;

/** Where answers go by direct message. */
export const NOWHERE: Origin = { channel: null, threadTs: null, responseUrl: null, pressed: null };

export function commandOrigin(command: SlashCommand, now: number): Origin {
  return {
    channel: command.channel_id,
    // Slack takes no slash commands in threads.
    threadTs: null,
    responseUrl: addressOf(command.response_url, now),
    pressed: null,
  };
}

export function mentionOrigin(place: { channel: string; threadTs: string | null }): Origin {
  return { ...place, responseUrl: null, pressed: null };
}

const Container = z.object({
  message_ts: z.string().optional(),
  channel_id: z.string().optional(),
  thread_ts: z.string().optional(),
  is_ephemeral: z.boolean().optional(),
});

export function pressOrigin(body: BlockAction, now: number): Origin {
  const container = Container.safeParse(body.container).data ?? {};
  const channel = body.channel?.id ?? container.channel_id ?? null;
  const ts = container.message_ts ?? body.message?.ts ?? null;
  const messageThread: unknown = body.message?.thread_ts;
  const thread = container.thread_ts ?? (typeof messageThread === 'string' ? messageThread : null);
  return {
    channel,
    // The root of a thread names itself; it is in the channel.
    threadTs: thread === ts ? null : thread,
    responseUrl: addressOf(body.response_url, now),
    pressed:
      channel === null || ts === null
        ? null
        : { kind: pressedKind(channel, container.is_ephemeral === true), ts },
  };
}

/** The card in whose thread it was; null in the channel itself. */
export function threadOf({ channel, threadTs }: Origin): MessageRef | null {
  return channel === null || threadTs === null ? null : toRef({ channel, ts: threadTs });
}

/** From the Home tab a job without a channel of its own is shown in the person's direct messages. */
export function channelOf({ channel }: Origin, user: string): string {
  return channel ?? user;
}

function pressedKind(channel: string, ephemeral: boolean): 'public' | 'ephemeral' | 'direct' {
  if (ephemeral) return 'ephemeral';
  return channel.startsWith('D') ? 'direct' : 'public';
}

function addressOf(url: string | undefined, at: number): ResponseAddress | null {
  return ResponseAddress.safeParse({ url, at }).data ?? null;
}
