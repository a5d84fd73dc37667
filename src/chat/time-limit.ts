import type { Clock } from '../app/ports.ts';

/**
 * Gives the work so long and then no more: its signal aborts, whether it heeds it or not.
 *
 * @throws Error when the time is over first, and what the work throws
 */
export async function withTimeLimit<T>(
  { clock, ms }: { clock: Clock; ms: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const over = new AbortController();
  const timeUp = clock.sleep(ms, done.signal).then((): never => {
    over.abort();
    throw new Error(`The platform or the bot took longer than ${ms} ms.`);
  });
  try {
    return await Promise.race([work(over.signal), timeUp]);
  } finally {
    // The sleep ends with the work; nobody listens to it any more.
    timeUp.catch(() => {});
    done.abort();
  }
}
