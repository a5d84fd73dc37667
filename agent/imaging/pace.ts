/** A byte that needs no work is taken to cost so much of one that does, until it is known better. */
const LIGHT_SHARE = 0.15;
/** A guess weighs as much as so many bytes that were seen. */
const GUESS_BYTES = 32 * 1024 * 1024;
/** Speed changes; what was seen so much time of its kind ago counts half. */
const HALF_LIFE_MS = 15_000;

/** Something of what costs work (coded, sent, written), and of what costs next to none (zeros, equal). */
export interface Parts {
  heavy: number;
  light: number;
}

/**
 * Learns what bytes cost while they are imaged. Stretches of zeros go by many times faster than
 * data, so a mean over either tells nothing of the other: each kind has its own cost.
 */
export class Pace {
  readonly #heavy = new Cost();
  readonly #light = new Cost();
  readonly #reading = new Cost();

  /**
   * @param milliseconds that went into each kind
   * @param readingMs of them, for reading heavy ones; 0 when that isn't known
   */
  learn(bytes: Parts, milliseconds: Parts, readingMs: number): void {
    this.#heavy.learn(bytes.heavy, milliseconds.heavy);
    this.#light.learn(bytes.light, milliseconds.light);
    if (readingMs > 0) this.#reading.learn(bytes.heavy, readingMs);
  }

  /** Milliseconds that it will take; null while nothing was seen. */
  forecast(bytes: Parts): number | null {
    const heavy = this.#heavy.mean ?? scaled(this.#light.mean, 1 / LIGHT_SHARE);
    if (heavy === null) return null;
    // A light chunk costs hardly more than to read it, and heavy ones have to be read as well.
    const guess = this.#reading.mean ?? heavy * LIGHT_SHARE;
    return bytes.heavy * heavy + bytes.light * this.#light.meanWith(guess);
  }
}

/** How time is shared out when nothing is known of it, in no unit. */
export function usualTimes({ heavy, light }: Parts): Parts {
  return { heavy, light: light * LIGHT_SHARE };
}

/** Milliseconds a byte of one kind. */
class Cost {
  #bytes = 0;
  #milliseconds = 0;

  learn(bytes: number, milliseconds: number): void {
    const keep = 0.5 ** (milliseconds / HALF_LIFE_MS);
    this.#bytes = this.#bytes * keep + bytes;
    this.#milliseconds = this.#milliseconds * keep + milliseconds;
  }

  get mean(): number | null {
    return this.#bytes > 0 ? this.#milliseconds / this.#bytes : null;
  }

  meanWith(guess: number): number {
    return (this.#milliseconds + guess * GUESS_BYTES) / (this.#bytes + GUESS_BYTES);
  }
}

function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}
