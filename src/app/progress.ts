import type { Hearing } from './store.ts';

/** How many percent of all disks' bytes are done; null before any disk's turn has come. */
export function progressPercent(hearing: Hearing | null): number | null {
  const progress = (hearing?.progress ?? []).filter(({ checking }) => !checking);
  const totalBytes = progress.reduce((sum, disk) => sum + disk.totalBytes, 0);
  const doneBytes = progress.reduce((sum, disk) => sum + disk.doneBytes, 0);
  return totalBytes === 0 ? null : (100 * doneBytes) / totalBytes;
}
