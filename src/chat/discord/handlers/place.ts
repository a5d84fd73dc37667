import type { BaseInteraction } from 'discord.js';
import type { MessageRef } from '../../platform.ts';
import { toRef } from '../ref.ts';
import type { Listening } from './parts.ts';

/** Where something was typed or clicked. */
export interface Place {
  /** The channel; in a thread, the one that the thread belongs to. */
  channel: string;
  /** The card in whose thread it was; null in the channel itself. */
  thread: MessageRef | null;
}

type At = Pick<BaseInteraction, 'channel' | 'channelId' | 'client'>;

/** A thread that is started from a message has the message's id. */
export async function placeOf(on: Pick<Listening, 'log'>, at: At): Promise<Place> {
  const id = at.channelId ?? '';
  const parent = await parentOf(on, at);
  if (parent === null) return { channel: id, thread: null };
  return { channel: parent, thread: toRef({ channel: parent, message: id }) };
}

/** Null outside of threads. One that was archived when the bot connected has to be asked for. */
async function parentOf(
  on: Pick<Listening, 'log'>,
  { channel, channelId, client }: At,
): Promise<string | null> {
  if (channelId === null) return null;
  try {
    const known = channel ?? (await client.channels.fetch(channelId));
    return known?.isThread() === true ? known.parentId : null;
  } catch (error) {
    on.log.warn({ err: error, channel: channelId }, 'Discord does not say what kind of channel this is');
    return null;
  }
}
