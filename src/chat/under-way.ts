import { setTimeout } from 'node:timers/promises';

/** Work that was promised to somebody: an orderly end waits for it. */
export class UnderWay {
  readonly #works = new Set<Promise<unknown>>();

  /** Gives what the work gives. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#works.add(work);
    try {
      return await work;
    } finally {
      this.#works.delete(work);
    }
  }

  /** Resolves when nothing of it is left, or when that takes longer than so many ms. */
  async over(withinMs: number): Promise<void> {
    const enough = new AbortController();
    const { signal } = enough;
    await Promise.race([
      Promise.allSettled(this.#works),
      setTimeout(withinMs, undefined, { signal }).catch(() => undefined),
    ]);
    enough.abort();
  }
}
