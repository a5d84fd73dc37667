/** Two ways to the coded bytes of a chunk that is as it was. */
export type Way = 'take' | 'code';

/** How much of what is known gives way to what was just measured. */
const WEIGHT = 1 / 8;
/** Before this many choices nobody asks what the other way would take. */
const FIRST_TRY = 16;
/** The slower way is tried again after so many choices, and as many times more as it is slower. */
const TRY_EVERY = 32;

/**
 * Knows which way has lately been faster, by what each has taken. Which one it is depends on the
 * machine's codec and on the way to the share, and changes with what else goes on there.
 */
export class FasterWay {
  readonly #takes: Record<Way, number | null> = { take: null, code: null };
  #untilTry = FIRST_TRY;

  choose(): Way {
    const { take, code } = this.#takes;
    const faster: Way = take !== null && code !== null && code < take ? 'code' : 'take';
    this.#untilTry -= 1;
    if (this.#untilTry > 0) return faster;
    const slower = faster === 'take' ? 'code' : 'take';
    const ratio = (this.#takes[slower] ?? 1) / Math.max(this.#takes[faster] ?? 1, Number.EPSILON);
    this.#untilTry = Math.round(TRY_EVERY * Math.max(1, ratio));
    return slower;
  }

  learn(way: Way, milliseconds: number): void {
    const known = this.#takes[way];
    this.#takes[way] = known === null ? milliseconds : known + (milliseconds - known) * WEIGHT;
  }
}
