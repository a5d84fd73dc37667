import type { Clock } from '../app/ports.ts';

const REMEMBERED_MS = 15 * 60_000;
const REMEMBERED = 10_000;

/**
 * What a platform has delivered to this process. It may deliver again: Slack what it saw no
 * acknowledgement of, under the same or a new envelope id; Discord what came before a connection
 * was resumed. This spares people doubled answers, nothing more: that a decision has its effect
 * once is the store's to see to.
 */
export class SeenBefore {
  readonly #clock: Clock;
  /** Epoch ms of the first delivery; the oldest first. */
  readonly #seen = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True once for each key; always for what the platform gave no id. */
  isNew(key: string | undefined): boolean {
    if (key === undefined) return true;
    const now = this.#clock.now();
    const at = this.#seen.get(key);
    if (at !== undefined && now - at < REMEMBERED_MS) return false;
    this.#seen.delete(key);
    this.#seen.set(key, now);
    this.#forget(now);
    return true;
  }

  #forget(now: number): void {
    for (const [key, at] of this.#seen) {
      if (now - at < REMEMBERED_MS && this.#seen.size <= REMEMBERED) return;
      this.#seen.delete(key);
    }
  }
}
