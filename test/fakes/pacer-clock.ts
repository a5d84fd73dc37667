import type { PacerClock } from '../../src/chat/pacer.ts';

interface Timer {
  at: number;
  run: () => void;
}

/** A pacer's time: `advance` moves it on, from one due timer to the next. */
export class ManualPacerClock implements PacerClock {
  #now = 0;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => this.#forget(timer);
  }

  /** Resolves when everybody who waited for a timer has been heard. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at);
      this.#forget(next);
      next.run();
      await settled();
    }
    this.#now = end;
    await settled();
  }

  /** Time goes on, and the timers that are due come later. */
  passUnnoticed(ms: number): void {
    this.#now += ms;
  }

  /** How many timers are set. */
  pending(): number {
    return this.#timers.length;
  }

  #next(end: number): Timer | undefined {
    const [first] = this.#timers.toSorted((a, b) => a.at - b.at);
    return first !== undefined && first.at <= end ? first : undefined;
  }

  #forget(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }
}

/** A pacer's time that jumps to the next timer as soon as somebody waits for one. */
export class JumpingPacerClock implements PacerClock {
  #now = 0;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    setImmediate(() => this.#jump());
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  #jump(): void {
    const [first, ...others] = this.#timers.toSorted((a, b) => a.at - b.at);
    if (first === undefined) return;
    this.#timers = others;
    this.#now = Math.max(this.#now, first.at);
    first.run();
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
