import { fstat, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { describeError, errorCode, Failure } from '../failure.ts';

/** False for a file that stands for a disk: what is in the page cache keeps nobody waiting. */
export async function isBlockDevice(fd: number): Promise<boolean> {
  return (await promisify(fstat)(fd)).isBlockDevice();
}

/** Reads until the buffer is full or the file ends. Gives the bytes read. */
export function readFully(fd: number, into: Buffer, position: number): number {
  let done = 0;
  while (done < into.length) {
    const count = readSync(fd, into, done, into.length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** Writes all of it, however little the system takes at a time. */
export function writeFully(fd: number, from: Buffer, position: number): void {
  let done = 0;
  while (done < from.length) {
    const count = writeSync(fd, from, done, from.length - done, position + done);
    if (count === 0) throw new Error(`nothing could be written at byte ${position + done}`);
    done += count;
  }
}

/** Runs a disk operation; its errors are the box's. */
export function onDisk<T>(what: string, operation: () => T): T {
  try {
    return operation();
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw diskFailure(what, cause);
  }
}

export function diskFailure(what: string, cause: unknown): Failure {
  return new Failure({
    class: 'box',
    code: 'disk-failed',
    message: `${what} failed: ${describeError(cause)}`,
    cause,
  });
}

/** Runs an operation on an image file; its errors are the share's. */
export function onShare<T>(what: string, operation: () => T): T {
  try {
    return operation();
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const full = ['ENOSPC', 'EDQUOT'].includes(errorCode(cause) ?? '');
    throw new Failure({
      class: 'storage',
      code: full ? 'no-space' : 'share-failed',
      message: `${what} failed: ${describeError(cause)}`,
      cause,
    });
  }
}
