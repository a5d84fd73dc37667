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
  /** So many of them are never given to stages, nor spare ones taken of them. Default 0. */
  forPeople?: number;
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
  #taken: { at: number; by: Urgency | 'spare' }[] = [];
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
    if (this.#next() !== undefined || this.#waitMs('stage') > 0) return false;
    const spare = this.#taken.filter(({ by }) => by === 'spare').length;
    if (spare >= atMost || this.#takenBeside('people').length + leave >= this.#countFor('stage'))
      return false;
    this.#taken.push({ at: this.#clock.now(), by: 'spare' });
    return true;
  }

  block(ms: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#clock.now() + ms);
  }

  /** Nothing of it has to be remembered. */
  isIdle(): boolean {
    return this.#next() === undefined && this.#waitMs('people') <= 0 && this.#taken.length === 0;
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
      const waitMs = this.#waitMs(next);
      if (waitMs > 0) {
        this.#callOff = this.#clock.after(waitMs, () => this.#serve());
        return;
      }
      this.#taken.push({ at: this.#clock.now(), by: next });
      this.#waiting[next].shift()?.resolve();
    }
  }

  /** Whose first one is next. */
  #next(): Urgency | undefined {
    return (['people', 'stage'] as const).find((urgency) => this.#waiting[urgency].length > 0);
  }

  #waitMs(urgency: Urgency): number {
    const now = this.#clock.now();
    const { count, perMs } = this.#budget;
    this.#taken = this.#taken.filter(({ at }) => at + perMs > now);
    const blocking = [
      this.#taken.at(-count),
      urgency === 'stage' ? this.#takenBeside('people').at(-this.#countFor('stage')) : undefined,
    ];
    const untils = blocking.map((turn) => (turn === undefined ? now : turn.at + perMs));
    return Math.max(this.#blockedUntil, ...untils) - now;
  }

  #takenBeside(urgency: Urgency): { at: number }[] {
    return this.#taken.filter(({ by }) => by !== urgency);
  }

  #countFor(urgency: Urgency): number {
    const { count, forPeople = 0 } = this.#budget;
    return urgency === 'people' ? count : count - forPeople;
  }
}
