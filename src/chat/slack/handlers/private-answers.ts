import type { KnownBlock } from '@slack/types';
import type { ChatMessage, PrivateAnswers } from '../../platform.ts';
import { messageBlocks } from '../blocks/message.ts';
import type { Origin } from './origin.ts';
import type { HandlerParts } from './parts.ts';
import { ResponseUrl } from './response-url.ts';

interface Rendered {
  text: string;
  blocks: KnownBlock[];
}

/** Whom to answer, and where they were. */
interface Recipient {
  user: string;
  origin: Origin;
}

type AnswerParts = Pick<HandlerParts, 'client' | 'link' | 'clock' | 'log'>;

/**
 * Answers where the person looks, and by another way when Slack takes none there: a response URL
 * is soon used up, and the bot may post into its own channels only.
 */
export class SlackAnswers implements PrivateAnswers {
  readonly #recipient: Recipient;
  readonly #parts: AnswerParts;
  readonly #responseUrl: ResponseUrl | null;

  constructor(recipient: Recipient, parts: AnswerParts) {
    const { responseUrl } = recipient.origin;
    this.#recipient = recipient;
    this.#parts = parts;
    this.#responseUrl = responseUrl === null ? null : new ResponseUrl(responseUrl, parts.clock);
  }

  /** An answer may come twice when Slack took it and did not say so: better than none. */
  async answer(message: ChatMessage): Promise<void> {
    const rendered = messageBlocks(message, this.#parts.link);
    const ways = this.#ways(rendered);
    for (const way of ways) {
      if (await this.#worked(way)) return;
    }
    await this.#direct(rendered);
  }

  async replace(message: ChatMessage | null): Promise<void> {
    const { pressed } = this.#recipient.origin;
    if (pressed === null || pressed.kind === 'public') {
      if (message !== null) await this.answer(message);
      return;
    }
    const rendered = message === null ? null : messageBlocks(message, this.#parts.link);
    if (await this.#worked(() => this.#respondInPlace(rendered))) return;
    if (pressed.kind === 'direct' && (await this.#worked(() => this.#editDirect(pressed.ts, rendered))))
      return;
    // The old one stays then; its buttons are checked at every press.
    if (message !== null) await this.answer(message);
  }

  #ways(rendered: Rendered): (() => Promise<void>)[] {
    const { channel, threadTs } = this.#recipient.origin;
    if (channel === null) return [];
    const beside = () => this.#beside(channel, rendered);
    if (this.#responseUrl === null) return [beside];
    const respond = () => this.#respond({ replace_original: false, ...rendered });
    // A response URL may show a private answer in the channel although it names the thread (bolt-js#963).
    return threadTs === null ? [respond, beside] : [beside, respond];
  }

  async #respond(body: object): Promise<void> {
    if (this.#responseUrl === null) throw new Error('There is no response URL here.');
    await this.#responseUrl.post({ response_type: 'ephemeral', ...this.#inThread(), ...body });
  }

  #respondInPlace(rendered: Rendered | null): Promise<void> {
    return this.#respond(
      rendered === null ? { delete_original: true } : { replace_original: true, ...rendered },
    );
  }

  async #beside(channel: string, rendered: Rendered): Promise<void> {
    const { user } = this.#recipient;
    await this.#parts.client.chat.postEphemeral({ channel, user, ...this.#inThread(), ...rendered });
  }

  async #direct(rendered: Rendered): Promise<void> {
    await this.#parts.client.chat.postMessage({
      channel: this.#recipient.user,
      unfurl_links: false,
      unfurl_media: false,
      ...rendered,
    });
  }

  async #editDirect(ts: string, rendered: Rendered | null): Promise<void> {
    const { channel } = this.#recipient.origin;
    if (channel === null) return;
    const { chat } = this.#parts.client;
    if (rendered === null) await chat.delete({ channel, ts });
    else await chat.update({ channel, ts, ...rendered });
  }

  #inThread(): { thread_ts?: string } {
    const { threadTs } = this.#recipient.origin;
    return threadTs === null ? {} : { thread_ts: threadTs };
  }

  async #worked(way: () => Promise<void>): Promise<boolean> {
    try {
      await way();
      return true;
    } catch (error) {
      const { user, origin } = this.#recipient;
      this.#parts.log.warn({ err: error, user, channel: origin.channel }, 'an answer takes another way');
      return false;
    }
  }
}
