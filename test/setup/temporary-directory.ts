import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything that tests make in the temporary directory goes with them, however they end. */
export async function setup(): Promise<() => Promise<void>> {
  const { TMPDIR, NODE_COMPILE_CACHE } = process.env;
  // Short: sockets of the demo's chat lie below it, and their names have a limit.
  const directory = await mkdtemp(join(tmpdir(), 'tb-'));
  process.env.TMPDIR = directory;
  // Tests start hundreds of programs of ours, each of which would compile the same files anew.
  process.env.NODE_COMPILE_CACHE = join(directory, 'compiled');
  return async () => {
    restore('TMPDIR', TMPDIR);
    restore('NODE_COMPILE_CACHE', NODE_COMPILE_CACHE);
    // A program that is just ending may still write there.
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
}

function restore(name: string, before: string | undefined): void {
  if (before === undefined) delete process.env[name];
  else process.env[name] = before;
}
