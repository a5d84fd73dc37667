/** The first second of 2015, from which Discord counts. */
const EPOCH_MS = 1_420_070_400_000;
const SEQUENCE_BITS = 22n;

/** Ids that carry their time; never the same twice, and a later one is always greater. */
export class Snowflakes {
  readonly #now: () => number;
  #last = 0n;

  constructor(now: () => number) {
    this.#now = now;
  }

  next(): string {
    const fresh = BigInt(Math.floor(this.#now() - EPOCH_MS)) << SEQUENCE_BITS;
    this.#last = fresh > this.#last ? fresh : this.#last + 1n;
    return String(this.#last);
  }
}

/** Negative when `a` is older. */
export function compareSnowflakes(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}
