import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Unix sockets have short names: 108 bytes on Linux, 104 elsewhere. */
const SOCKET_PATH_BYTES = 100;

/** Where a demo lives, held against a second demo. */
export interface DemoDirectory {
  path: string;
  /** Nobody named it, so nobody misses it. */
  temporary: boolean;
  socketPath: string;
  /** Lets go; a temporary directory is removed unless it is to be looked at. */
  release(options: { keep: boolean }): Promise<void>;
}

/** Another demo is running in the directory. */
export class DirectoryHeldError extends Error {
  override name = 'DirectoryHeldError';
}

/**
 * Takes the directory, or a fresh temporary one.
 *
 * @throws DirectoryHeldError
 */
export async function takeDirectory(wanted: string | undefined): Promise<DemoDirectory> {
  const temporary = wanted === undefined;
  const path = temporary ? await mkdtemp(join(largeTemporary(), 'testbox-demo-')) : resolve(wanted);
  await mkdir(path, { recursive: true });
  const lock = join(path, 'demo.lock');
  await takeLock(lock, path);
  const ownSocket = join(path, 'chat.sock');
  const socketDirectory =
    Buffer.byteLength(ownSocket) > SOCKET_PATH_BYTES ? await mkdtemp(join(tmpdir(), 'testbox-')) : null;
  return {
    path,
    temporary,
    socketPath: socketDirectory === null ? ownSocket : join(socketDirectory, 'chat.sock'),
    release: async ({ keep }) => {
      if (socketDirectory !== null) await rm(socketDirectory, { recursive: true, force: true });
      if (temporary && !keep) await rm(path, { recursive: true, force: true });
      else await rm(lock, { force: true });
    },
  };
}

/** Disks and images take a gigabyte, and /tmp is often memory: /var/tmp is on a disk. */
function largeTemporary(): string {
  return process.env.TMPDIR ?? (process.platform === 'linux' ? '/var/tmp' : tmpdir());
}

async function takeLock(lock: string, directory: string): Promise<void> {
  for (;;) {
    try {
      const file = await open(lock, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (isAlive(holder)) {
      throw new DirectoryHeldError(
        `a demo (process ${holder}) is running in ${directory}: end it, or use another --dir`,
      );
    }
    await rm(lock, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
