import { setTimeout as delay } from 'node:timers/promises';

/** Time as the agent sees it, so that tests can hold it. */
export interface Clock {
  /** Epoch ms by the box's clock, which may be wrong. */
  now(): number;
  /** Milliseconds that only grow, for durations and rates. */
  elapsed(): number;
  /** Ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleep(ms, signal) {
    if (signal?.aborted) return;
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  },
};
