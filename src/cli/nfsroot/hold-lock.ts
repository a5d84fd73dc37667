import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { fileErrorCode } from '../../storage/file-error.ts';
import { NfsrootProblem } from './problem.ts';
import { toolEnvironment } from './run-tool.ts';

/** What flock(1) says when somebody else has it. */
const TAKEN = 1;

/**
 * Runs `work` while nobody else changes the nfsroot. The kernel keeps the lock, and lets it go
 * when the last process has ended that holds the file open: after `kill -9` too.
 *
 * @throws {NfsrootProblem} when somebody else has it
 */
export async function holdLock<T>(path: string, work: (lock: FileHandle) => Promise<T>): Promise<T> {
  const file = await openLock(path);
  try {
    // The lock belongs to the open file, which this process shares with the program.
    const flock = spawn('flock', ['--nonblock', '3'], {
      env: toolEnvironment(),
      stdio: ['ignore', 'ignore', 'inherit', file.fd],
    });
    const [status] = await once(flock, 'exit');
    if (status === TAKEN) {
      const holder = (await readFile(path, 'utf8')).trim();
      throw new NfsrootProblem(
        `${holder === '' ? 'somebody else' : holder} is at work on this nfsroot: wait until that has ended`,
      );
    }
    if (status !== 0) throw new NfsrootProblem(`flock can't lock ${path}: look at its message above`);
    await file.truncate();
    await file.write(`process ${process.pid}\n`, 0);
    return await work(file);
  } finally {
    await file.close();
  }
}

async function openLock(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a+', 0o644);
  } catch (error) {
    throw new NfsrootProblem(
      `${path} can't be written (${fileErrorCode(error)}): run this as root, and make the directory that the nfsroot is in`,
    );
  }
}
