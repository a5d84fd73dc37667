import type { JobView } from '../../app/job-view.ts';
import type { DiskProgress } from '../../contract/report.ts';
import { formatBytes, formatDuration } from '../format.ts';
import type { Bar } from '../platform.ts';

/** A bar for every disk that the agent has reported on. */
export function diskBars({ hearing }: JobView): Bar[] {
  return (hearing?.progress ?? []).map((disk) => ({
    label: disk.slot,
    fraction: disk.totalBytes === 0 ? 1 : disk.doneBytes / disk.totalBytes,
    note: noteOf(disk),
  }));
}

function noteOf({ totalBytes, doneBytes, bytesPerSecond, secondsLeft }: DiskProgress): string {
  const percent = totalBytes === 0 ? 100 : Math.floor((100 * doneBytes) / totalBytes);
  if (doneBytes >= totalBytes) return '100%';
  if (bytesPerSecond < 1) return `${percent}%`;
  // The agent knows more than the rate of these seconds: how fast zeros go by, and how many there are.
  const left = formatDuration((secondsLeft ?? (totalBytes - doneBytes) / bytesPerSecond) * 1000);
  return `${percent}% ${formatBytes(bytesPerSecond)}/s, ${left}`;
}
