import type { PacerClock } from '../pacer.ts';

/** A post was there before its answer came: the second that Slack wants is over a little sooner. */
const AFTER_ANSWER_MS = 900;

/**
 * One post after the other in a channel, with almost a second from the answer to the next call.
 * Turns alone don't keep two posts apart: one that is slow on its way comes in right before the
 * next.
 */
export class PostGap {
  readonly #clock: PacerClock;
  /** The newest post of each channel; gives when it was answered. */
  readonly #last = new Map<string, Promise<number>>();

  constructor(clock: PacerClock) {
    this.#clock = clock;
  }

  /** Gives what the post gives, and throws what it throws. */
  run<T>(channel: string, post: () => Promise<T>): Promise<T> {
    const before = this.#last.get(channel) ?? Promise.resolve(Number.NEGATIVE_INFINITY);
    const posted = before.then((answeredAt) => this.#until(answeredAt + AFTER_ANSWER_MS)).then(post);
    this.#last.set(
      channel,
      posted.then(
        () => this.#clock.now(),
        () => this.#clock.now(),
      ),
    );
    return posted;
  }

  async #until(at: number): Promise<void> {
    const waitMs = at - this.#clock.now();
    if (waitMs > 0) await new Promise<void>((resolve) => void this.#clock.after(waitMs, resolve));
  }
}
