import type { Log } from '../ports.ts';

/**
 * Runs pieces of work beside each other, but only one at a time for each key: a hanging SSH
 * connection or a slow chat keeps nobody else waiting.
 */
export class Tasks {
  readonly #running = new Map<string, Promise<void>>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Does nothing while the key's last piece of work is still under way. */
  start(key: string, work: () => Promise<void>): void {
    if (this.#running.has(key)) return;
    const run = work()
      .catch((error: unknown) => this.#log.error({ err: error, task: key }, 'a piece of work failed'))
      .then(() => {
        this.#running.delete(key);
      });
    this.#running.set(key, run);
  }

  /** Whether the key's last piece of work is still under way. */
  isBusy(key: string): boolean {
    return this.#running.has(key);
  }

  /** Waits for all that is under way. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }
}
