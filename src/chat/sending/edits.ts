import { createHash } from 'node:crypto';
import type { MessageRef } from '../platform.ts';

/** So many messages are remembered: far more than are edited at one time. */
const REMEMBERED = 1_000;

/**
 * Edits of one message in the order they were asked for: of two at once on the network, the
 * older one could stay. One that would change nothing is left out.
 */
export class EditOrder {
  readonly #shown = new Map<MessageRef, string>();
  readonly #last = new Map<MessageRef, Promise<void>>();

  /** This is what the message shows now. */
  remember(ref: MessageRef, content: object): void {
    this.#shown.delete(ref);
    this.#shown.set(ref, digest(content));
    for (const [oldest] of this.#shown) {
      if (this.#shown.size <= REMEMBERED) break;
      this.#shown.delete(oldest);
    }
  }

  /** @throws what `send` throws */
  run(ref: MessageRef, content: object, send: () => Promise<void>): Promise<void> {
    const before = this.#last.get(ref) ?? Promise.resolve();
    const running = before.then(() => this.#send(ref, content, send));
    const settled = running.catch(() => {});
    this.#last.set(ref, settled);
    void settled.then(() => {
      if (this.#last.get(ref) === settled) this.#last.delete(ref);
    });
    return running;
  }

  async #send(ref: MessageRef, content: object, send: () => Promise<void>): Promise<void> {
    if (this.#shown.get(ref) === digest(content)) return;
    // Until it is answered, nobody knows what is shown.
    this.#shown.delete(ref);
    await send();
    this.remember(ref, content);
  }
}

function digest(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64');
}
