import { execFile } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { describeError } from '../failure.ts';

/**
 * Tells a disk that nothing on it is needed any more. What it holds then is undefined.
 *
 * @param fd held open by this process
 * @returns null, or why it could not be done; a part of it may have been
 * @throws the signal's reason
 */
export async function trimDisk(
  disk: { fd: number; sizeBytes: number },
  stop: AbortSignal,
): Promise<string | null> {
  const path = `/proc/${process.pid}/fd/${disk.fd}`;
  // Its claim on the disk is ours: it must not ask for one of its own.
  const [program, args] = fstatSync(disk.fd).isBlockDevice()
    ? (['blkdiscard', ['--force', path]] as const)
    : (['fallocate', ['--punch-hole', '--offset', '0', '--length', String(disk.sizeBytes), path]] as const);
  const failure = await new Promise<string | null>((resolve) => {
    execFile(program, args, { signal: stop }, (error, _stdout, stderr) =>
      resolve(error === null ? null : stderr.trim() || describeError(error)),
    );
  });
  stop.throwIfAborted();
  return failure;
}
