import type { Pacer } from '../pacer.ts';
import { type ChatMessage, MessageGoneError, type MessageRef, type Urgency } from '../platform.ts';
import { postsIn } from './budgets.ts';
import { parseRef } from './ref.ts';
import type { DiscordSender } from './send.ts';

/** So many messages are remembered: far more than are kept up to date at one time. */
const REMEMBERED = 500;

interface Keeping {
  card: MessageRef;
  nonce: string;
  /** Of the post, when it isn't there yet. */
  urgency: Urgency;
}

/** Messages in threads on cards that say something for the card, and are edited as it would be. */
export class KeptInThread {
  readonly #sender: DiscordSender;
  readonly #pacer: Pacer;
  readonly #refs = new Map<string, MessageRef>();

  constructor(parts: { sender: DiscordSender; pacer: Pacer }) {
    this.#sender = parts.sender;
    this.#pacer = parts.pacer;
  }

  /**
   * Posts it, or edits what was posted under this nonce; false when somebody deleted that.
   *
   * @throws ChatUnavailableError, ChannelRefusedError, MessageGoneError when the card itself is gone
   */
  async show(keeping: Keeping, message: ChatMessage): Promise<boolean> {
    const ref = this.#refs.get(keeping.nonce) ?? (await this.#post(keeping, message));
    try {
      await this.#sender.edit(ref, message);
      return true;
    } catch (error) {
      if (error instanceof MessageGoneError) return false;
      throw error;
    }
  }

  async #post({ card, nonce, urgency }: Keeping, message: ChatMessage): Promise<MessageRef> {
    await this.#pacer.turn(postsIn(parseRef(card)?.channel ?? card), urgency);
    const ref = await this.#sender.postInThread({ card, nonce, broadcast: false }, message);
    this.#refs.set(nonce, ref);
    for (const oldest of this.#refs.keys()) {
      if (this.#refs.size <= REMEMBERED) break;
      this.#refs.delete(oldest);
    }
    return ref;
  }
}
