import { type RawFile, RequestMethod, Routes } from 'discord.js';
import { z } from 'zod';
import type { Log } from '../../app/ports.ts';
import type { CardLinks } from '../card-links.ts';
import type { Pacer } from '../pacer.ts';
import type { ChatMessage } from '../platform.ts';
import { editsIn, postsIn } from './budgets.ts';
import { type DiscordApi, DiscordCallError } from './call.ts';
import { dislikesContent } from './discord-errors.ts';
import { type Mark, marked } from './mark.ts';
import type { DiscordPlace } from './ref.ts';
import { type DiscordPayload, discordMessage, plainMessage } from './render/message.ts';

export interface MessagesParts {
  api: DiscordApi;
  pacer: Pacer;
  links: CardLinks;
  log: Log;
}

export interface PostTarget {
  /** A channel, a thread or a direct message. */
  channel: string;
  /** The message of that channel that it answers. */
  replyTo: string | null;
  /** The channel whose limits it goes by. */
  lane: string;
  mark: Mark;
}

const Posted = z.object({ id: z.string() });

/** Messages as Discord's API takes them, in another form where it doesn't take the first. */
export class Messages {
  readonly #parts: MessagesParts;

  constructor(parts: MessagesParts) {
    this.#parts = parts;
  }

  /** As it would be shown, without its mark. */
  rendered(message: ChatMessage): DiscordPayload {
    return discordMessage(message, this.#parts.links);
  }

  /** @throws DiscordCallError */
  async post(to: PostTarget, message: ChatMessage): Promise<DiscordPlace> {
    const { channel, mark, replyTo, lane } = to;
    const more = {
      nonce: mark.nonce,
      enforce_nonce: true,
      ...(replyTo === null ? {} : { message_reference: { message_id: replyTo, fail_if_not_exists: false } }),
    };
    const { id } = await this.#send(postsIn(lane), message, (payload, files) =>
      this.#parts.api.call(
        {
          ...{ method: RequestMethod.Post, fullRoute: Routes.channelMessages(channel), files },
          body: { ...marked(payload, mark), ...more },
        },
        Posted,
      ),
    );
    return { channel, message: id };
  }

  /** @throws DiscordCallError */
  async edit({ channel, message: id }: DiscordPlace, message: ChatMessage): Promise<void> {
    await this.#send(editsIn(channel), message, (body) =>
      this.#parts.api.call(
        { method: RequestMethod.Patch, fullRoute: Routes.channelMessage(channel, id), body },
        Posted,
      ),
    );
  }

  /** Sends it, and its words alone when Discord doesn't take its form: nobody is left without a word. */
  async #send<T>(
    lane: string,
    message: ChatMessage,
    send: (payload: DiscordPayload, files: RawFile[]) => Promise<T>,
  ): Promise<T> {
    const { pacer, log, links } = this.#parts;
    const payload = this.rendered(message);
    try {
      return await send(payload, filesOf(message));
    } catch (error) {
      if (!(error instanceof DiscordCallError)) throw error;
      const { failure } = error;
      if (failure.kind === 'limited') pacer.block(lane, failure.retryAfterMs);
      if (!dislikesContent(failure)) throw error;
      log.error(
        { failure, payload },
        'Discord does not take the form of a message; its words are sent alone',
      );
      await pacer.turn(lane, 'people');
      return send(plainMessage(message, links), []);
    }
  }
}

function filesOf({ attachment }: ChatMessage): RawFile[] {
  if (attachment === null || attachment.content === '') return [];
  const { name, content } = attachment;
  return [{ name, data: content, contentType: 'text/plain; charset=utf-8' }];
}
