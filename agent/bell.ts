import type { Clock } from './clock.ts';

/** Lets one waiter sleep until a time has passed or somebody rings. */
export class Bell {
  readonly #clock: Clock;
  #ring = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#ring.abort();
  }

  /** A ring of before the wait counts too, so none is lost. */
  async wait(ms: number): Promise<void> {
    await this.#clock.sleep(ms, this.#ring.signal);
    this.#ring = new AbortController();
  }
}
