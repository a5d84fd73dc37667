import type { Urgency } from './platform.ts';

/** A clock that only goes forwards, injected so that tests own it. */
export interface PacerClock {
  /** Ms since some moment. */
  now(): number;
  /** Runs it once, after so many ms; gives what calls that off. */
  after(ms: number, run: () => void): () => void;
}

/** At most `count` turns in any `perMs`; a minimal gap between two is a count of one. */
export interface Budget {
  count: number;
  perMs: number;
}

/** When a turn may be taken that nobody needs. */
export interface SpareRule {
  /** So many of a budget's turns at most. */
  atMost: number;
  /** So many stay free for others. */
  leave: number;
}

interface Waiter {
  resolve(): void;
  reject(why: Error): void;
}

/** The turns of one key. */
export class Lane {
  readonly #budget: Budget;
  readonly #clock: PacerClock;
  readonly #waiting: Record<Urgency, Waiter[]> = { people: [], stage: [] };
  #taken: { at: number; spare: boolean }[] = [];
  #blockedUntil = Number.NEGATIVE_INFINITY;
  #callOff: (() => void) | null = null;

  constructor(budget: Budget, clock: PacerClock) {
    this.#budget = budget;
    this.#clock = clock;
  }

  turn(urgency: Urgency): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting[urgency].push({ resolve, reject });
      this.#serve();
    });
  }

  spareTurn({ atMost, leave }: SpareRule): boolean {
    if (this.#next() !== undefined || this.#waitMs() > 0) return false;
    const spare = this.#taken.filter((turn) => turn.spare).length;
    if (spare >= atMost || this.#taken.length + leave >= this.#budget.count) return false;
    this.#taken.push({ at: this.#clock.now(), spare: true });
    return true;
  }

  block(ms: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#clock.now() + ms);
  }

  /** Nothing of it has to be remembered. */
  isIdle(): boolean {
    return this.#next() === undefined && this.#waitMs() <= 0 && this.#taken.length === 0;
  }

  stop(why: Error): void {
    this.#callOff?.();
    this.#callOff = null;
    const { people, stage } = this.#waiting;
    for (const { reject } of [...people.splice(0), ...stage.splice(0)]) reject(why);
  }

  /** Serves whoever may go now, and comes back for the rest. */
  #serve(): void {
    this.#callOff?.();
    this.#callOff = null;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const waitMs = this.#waitMs();
      if (waitMs > 0) {
        this.#callOff = this.#clock.after(waitMs, () => this.#serve());
        return;
      }
      this.#taken.push({ at: this.#clock.now(), spare: false });
      next.shift()?.resolve();
    }
  }

  /** The queue whose first one is next. */
  #next(): Waiter[] | undefined {
    const { people, stage } = this.#waiting;
    return [people, stage].find((queue) => queue.length > 0);
  }

  #waitMs(): number {
    const now = this.#clock.now();
    const { count, perMs } = this.#budget;
    this.#taken = this.#taken.filter(({ at }) => at + perMs > now);
    const blocking = this.#taken[this.#taken.length - count];
    return Math.max(this.#blockedUntil - now, blocking === undefined ? 0 : blocking.at + perMs - now);
  }
}
