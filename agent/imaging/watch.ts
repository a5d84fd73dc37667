import type { Clock } from '../clock.ts';
import type { Timing } from '../timing.ts';
import type { ImagingControl } from './control.ts';

/** Work in progress is held to the machine's rate, stopped when asked, and looked at. */
export interface Watch {
  control: ImagingControl;
  clock: Clock;
  timing: Timing;
  stop: AbortSignal;
  /** Bytes a second; null is no limit. */
  rateLimit: () => Promise<number | null>;
  /** About every `progressMs`, and once at the end. @throws to stop the work with that error */
  look: () => void | Promise<void>;
}

/**
 * Runs the work beside its watch.
 *
 * @throws what the work or `look` threw, or the stop signal's reason
 */
export async function watchWork(watch: Watch, work: () => Promise<void>): Promise<void> {
  const { control, stop } = watch;
  stop.throwIfAborted();
  const halt = () => control.stop();
  stop.addEventListener('abort', halt, { once: true });
  const over = new AbortController();
  try {
    const refill = tokenBucket(watch);
    await refill();
    const watching = keepWatch(watch, refill, over.signal).catch((error: unknown) => {
      control.stop();
      throw error;
    });
    const ends = await Promise.allSettled([work().finally(() => over.abort()), watching]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } finally {
    stop.removeEventListener('abort', halt);
  }
  stop.throwIfAborted();
  await watch.look();
}

async function keepWatch(watch: Watch, refill: () => Promise<void>, over: AbortSignal): Promise<void> {
  const { clock, timing } = watch;
  let looked = clock.elapsed();
  while (!over.aborted) {
    await clock.sleep(timing.throttleMs, over);
    if (over.aborted) return;
    await refill();
    if (clock.elapsed() - looked < timing.progressMs) continue;
    looked = clock.elapsed();
    await watch.look();
  }
}

/** Fills the threads' budget by the time that has passed; it holds a second's worth. */
function tokenBucket(watch: Watch): () => Promise<void> {
  let before = watch.clock.elapsed();
  // Whole bytes are given out; what is left of one must not be lost at low rates.
  let owed = 0;
  return async () => {
    const limit = await watch.rateLimit();
    const now = watch.clock.elapsed();
    const perSecond = limit ?? 0;
    owed += (perSecond * (now - before)) / 1000;
    const add = Math.floor(owed);
    owed -= add;
    watch.control.limit(limit !== null, add, perSecond);
    before = now;
  };
}
