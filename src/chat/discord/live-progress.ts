import type { Clock, Log } from '../../app/ports.ts';
import { type ChatMessage, MessageGoneError, type MessageRef } from '../platform.ts';
import type { KeptInThread } from './kept-in-thread.ts';
import { createdAt, parseRef } from './ref.ts';
import type { DiscordSender } from './send.ts';

/**
 * Discord takes few edits of a message that is older than an hour. A little earlier, progress
 * moves to a message in the card's thread, and to the next one when that gets as old.
 */
const RENEWED_MS = 55 * 60_000;

interface Parts {
  sender: DiscordSender;
  kept: KeptInThread;
  clock: Clock;
  log: Log;
}

/** Progress of jobs that take hours. The card itself is edited for what changes its state. */
export class LiveProgress {
  readonly #parts: Parts;
  /** Progress that somebody deleted: it is shown again with the next message, not at once. */
  readonly #deleted = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws ChatUnavailableError, ChannelRefusedError, MessageGoneError */
  async show(card: MessageRef, message: ChatMessage): Promise<void> {
    const { sender, kept, clock, log } = this.#parts;
    const place = parseRef(card);
    if (place === null) throw new MessageGoneError(`${card} is no message on Discord.`);
    const nth = Math.floor((clock.now() - createdAt(place.message)) / RENEWED_MS);
    if (nth < 1) return sender.edit(card, message);
    // By the card's age: a bot that was started again goes on with the same message.
    const nonce = `live:${card}:${nth}`;
    if (this.#deleted.has(nonce)) return;
    const live = { ...message, buttons: [], mentions: [], card: { channel: place.channel, ref: card } };
    if (await kept.show({ card, nonce, urgency: 'stage' }, live)) return;
    this.#deleted.add(nonce);
    log.info({ card }, 'somebody deleted the progress of a job; it is shown again later');
  }
}
