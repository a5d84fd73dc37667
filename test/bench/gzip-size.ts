import { withDisk } from './disk-chapters.ts';
import { GOAL_DISK } from './goals.ts';
import { runScript } from './measure.ts';
import type { Run } from './run.ts';

/** What `gzip -1` makes of the disk that goals are about: a size to measure ours by, not a time. */
export async function gzip1Bytes(run: Run): Promise<number> {
  let bytes = 0;
  await withDisk(run, { kind: GOAL_DISK, sizeBytes: run.options.sizeBytes }, async ({ files }) => {
    bytes = Number(await runScript('gzip -1 -c <"$disk" | wc -c', { disk: files.disk }));
  });
  return bytes;
}
