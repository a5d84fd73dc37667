import type { Clock } from '../../app/ports.ts';
import { message as chatMessage } from '../message.ts';
import { type ChatMessage, ChatUnavailableError, MessageGoneError, type MessageRef } from '../platform.ts';
import { OldEditsError } from './discord-errors.ts';
import type { KeptInThread } from './kept-in-thread.ts';
import { createdAt, parseRef } from './ref.ts';
import type { DiscordSender } from './send.ts';

const HOUR_MS = 3_600_000;
/** Discord doesn't tell when it takes the next edit of an old message. */
const LATER_MS = 10 * 60_000;

interface Parts {
  sender: DiscordSender;
  kept: KeptInThread;
  clock: Clock;
}

/**
 * Edits of cards, old ones included: while Discord takes no edit of a card, a message in its
 * thread, buttons and all, shows what the card can't.
 */
export class StandIns {
  readonly #parts: Parts;
  /** Until when (epoch ms) Discord isn't asked again; each try counts as an invalid request. */
  readonly #waiting = new Map<MessageRef, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws ChatUnavailableError, also when a message stands for the card; MessageGoneError */
  async edit(card: MessageRef, message: ChatMessage): Promise<void> {
    const { sender } = this.#parts;
    if (this.#waitMs(card) <= 0) {
      try {
        await sender.edit(card, message);
        return await this.#retire(card);
      } catch (error) {
        if (!(error instanceof OldEditsError)) throw error;
        this.#waiting.set(card, this.#parts.clock.now() + LATER_MS);
      }
    }
    await this.#standFor(card, message);
    throw new ChatUnavailableError(
      'A card is too old to be edited now; a message in its thread stands for it.',
      {
        retryAfterMs: this.#waitMs(card),
      },
    );
  }

  async #standFor(card: MessageRef, message: ChatMessage): Promise<void> {
    const [nonce] = this.#nonces(card);
    const place = parseRef(card);
    if (nonce === undefined || place === null) return;
    const shown = { ...message, mentions: [], card: { channel: place.channel, ref: card } };
    await this.#parts.kept.show({ card, nonce, urgency: 'people' }, shown);
  }

  /** What stood for the card says so: nobody is left with old words and buttons. */
  async #retire(card: MessageRef): Promise<void> {
    const { sender } = this.#parts;
    for (const nonce of this.#nonces(card)) {
      const ref = await sender.posted(nonce);
      if (ref === null) continue;
      const text = 'This is over: the card itself shows how things stand.';
      await sender.edit(ref, chatMessage({ text })).catch((error: unknown) => {
        if (!(error instanceof MessageGoneError)) throw error;
      });
    }
    this.#waiting.delete(card);
  }

  /** Of this hour's and the last hour's messages that stand for the card; none for a young card. */
  #nonces(card: MessageRef): string[] {
    const place = parseRef(card);
    if (place === null) return [];
    const hours = Math.floor((this.#parts.clock.now() - createdAt(place.message)) / HOUR_MS);
    return [hours, hours - 1].filter((hour) => hour >= 1).map((hour) => `stand-in:${card}:${hour}`);
  }

  /** Ms until Discord is asked again. */
  #waitMs(card: MessageRef): number {
    return (this.#waiting.get(card) ?? 0) - this.#parts.clock.now();
  }
}
