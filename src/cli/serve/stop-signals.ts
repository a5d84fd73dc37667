/**
 * Hears SIGINT and SIGTERM from now on. The signal's name is the reason that it aborts with; the same
 * one a second time ends the process at once, as it does without any of this.
 */
export function hearStop(): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort(name));
  return stopping.signal;
}

/** Resolves with the work, or when the signal aborts: what is left of the work then is nobody's any more. */
export async function untilStopped(work: () => Promise<void>, stopping: AbortSignal): Promise<void> {
  if (stopping.aborted) return;
  const stopped = Promise.withResolvers<void>();
  const stop = () => stopped.resolve();
  stopping.addEventListener('abort', stop);
  try {
    await Promise.race([work(), stopped.promise]);
  } finally {
    stopping.removeEventListener('abort', stop);
  }
}
