import type { Reporter } from '../actions/action.ts';
import type { Clock } from '../clock.ts';
import type { Logbook } from '../logbook.ts';

const PROGRESS_MS = 30_000;

/** What an action reports where there is no bot: half-written disks to the share, progress to the console. */
export function localReport(about: {
  logbook: Logbook;
  clock: Clock;
  stop: AbortSignal;
  /** Resolves when it is known for good. */
  setDirty: (slot: string, dirty: boolean) => Promise<void>;
}): Reporter {
  let said = about.clock.elapsed();
  return {
    stop: about.stop,
    async emit(body) {
      if (body.type === 'dirty') await about.setDirty(body.slot, true);
      if (body.type === 'clean') await about.setDirty(body.slot, false);
    },
    progress(disks) {
      if (about.clock.elapsed() - said < PROGRESS_MS) return;
      said = about.clock.elapsed();
      const parts = disks.map(
        ({ slot, doneBytes, totalBytes }) =>
          `${slot} ${Math.floor((doneBytes * 100) / Math.max(1, totalBytes))} %`,
      );
      about.logbook.say(`Progress: ${parts.join(', ')}`);
    },
    async delivered(signal) {
      signal?.throwIfAborted();
    },
  };
}
