import { type Budget, Lane, type PacerClock, type SpareRule } from './pacer-lane.ts';
import type { Urgency } from './platform.ts';

export type { Budget, PacerClock, SpareRule } from './pacer-lane.ts';

/**
 * Hands out turns within a platform's limits. What shares a limit has the same key. Where
 * somebody waits, people come before stages, and who asked first comes first among equals.
 */
export class Pacer {
  readonly #budgetOf: (key: string) => Budget;
  readonly #clock: PacerClock;
  readonly #lanes = new Map<string, Lane>();
  #stopped: Error | null = null;

  constructor(budgetOf: (key: string) => Budget, clock: PacerClock) {
    this.#budgetOf = budgetOf;
    this.#clock = clock;
  }

  /** Resolves when the turn is taken; rejects with what `stop` was given. */
  turn(key: string, urgency: Urgency): Promise<void> {
    if (this.#stopped !== null) return Promise.reject(this.#stopped);
    return this.#lane(key).turn(urgency);
  }

  /** Takes a turn that nobody needs; false when it had to wait or would leave too few. */
  spareTurn(key: string, rule: SpareRule): boolean {
    return this.#stopped === null && this.#lane(key).spareTurn(rule);
  }

  /** No turns of this key for so long: the platform said so. */
  block(key: string, ms: number): void {
    this.#lane(key).block(ms);
  }

  /** Ends all waiting. */
  stop(why: Error): void {
    this.#stopped = why;
    for (const lane of this.#lanes.values()) lane.stop(why);
  }

  #lane(key: string): Lane {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    for (const [idle, lane] of this.#lanes) if (lane.isIdle()) this.#lanes.delete(idle);
    const lane = new Lane(this.#budgetOf(key), this.#clock);
    this.#lanes.set(key, lane);
    return lane;
  }
}

/** Time as it passes outside, whatever the wall clock or a lab's clock says. */
export const realPacerClock: PacerClock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, Math.ceil(ms));
    return () => clearTimeout(timer);
  },
};
