import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything that tests make in the temporary directory goes with them, however they end. */
export async function setup(): Promise<() => Promise<void>> {
  const before = process.env.TMPDIR;
  // Short: sockets of the demo's chat lie below it, and their names have a limit.
  const directory = await mkdtemp(join(tmpdir(), 'tb-'));
  process.env.TMPDIR = directory;
  return async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(directory, { recursive: true, force: true });
  };
}
