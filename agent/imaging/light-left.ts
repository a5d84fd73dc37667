/** Of the bytes behind this one, those that will cost no work; null when that isn't known. */
export type LightAfter = (doneBytes: number) => number | null;

/** Where a disk is, in bytes since the first look. */
export interface Way {
  done: number;
  /** Of these, those that cost no work. */
  light: number;
}

/** What was learned this part of the disk ago counts half: equal chunks come in stretches. */
const HALF_LIFE_PART = 0.04;
/** Samples of a disk are never right to the byte; a smaller difference tells nothing. */
const NOISE = 0.15;

/**
 * Foretells how much of the rest of a disk will cost no work. Zeros may be known beforehand;
 * whether they and the rest are light shows on the way: a disk that holds most of its image
 * already has more that is, a device that can't make zeros has less.
 */
export class LightLeft {
  /** Bytes passed, by what was expected of them, and what of all was light. */
  #zeros = 0;
  #data = 0;
  #light = 0;
  #last: Way = { done: 0, light: 0 };
  #lastExpected: number | null = null;

  /**
   * @param left behind `way.done`
   * @param expected of these, known to be zeros; null when nothing is known
   */
  learn(way: Way, about: { left: number; expected: number | null; totalBytes: number }): void {
    const { left, expected, totalBytes } = about;
    if (expected !== null && this.#lastExpected === null) this.#begin();
    const done = way.done - this.#last.done;
    const keep = 0.5 ** (done / Math.max(1, totalBytes * HALF_LIFE_PART));
    const passed = Math.min(done, Math.max(0, (this.#lastExpected ?? expected ?? 0) - (expected ?? 0)));
    this.#zeros = this.#zeros * keep + passed;
    this.#data = this.#data * keep + done - passed;
    this.#light = this.#light * keep + way.light - this.#last.light;
    this.#last = way;
    this.#lastExpected = expected === null ? null : Math.min(left, expected);
  }

  /** What was passed before anything was expected tells nothing of what the expectation is worth. */
  #begin(): void {
    this.#zeros = 0;
    this.#data = 0;
    this.#light = 0;
  }

  /** @param left and `expected` as for `learn` */
  of(left: number, expected: number | null): number {
    if (expected === null) return left * share(this.#light, this.#zeros + this.#data, 0);
    const zeros = Math.min(left, expected);
    const ofZeros = share(this.#light, this.#zeros, 1);
    const ofData = share(this.#light - this.#zeros, this.#data, 0);
    return zeros * (ofZeros > 1 - NOISE ? 1 : ofZeros) + (left - zeros) * (ofData < NOISE ? 0 : ofData);
  }
}

function share(part: number, whole: number, ifNothing: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : ifNothing;
}
