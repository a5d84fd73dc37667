import { loadLibrary } from './native/foreign.ts';

const POSIX_FADV_DONTNEED = 4;

let known: ((fd: number, position: number, lengthBytes: number) => unknown) | null | undefined;

/**
 * Lets the system forget what it keeps of a range that was flushed, so that the next read asks the
 * disk. Where that can't be said, nothing happens.
 */
export function dropFromCache(fd: number, position: number, lengthBytes: number): void {
  if (known === undefined) known = findSystemCall();
  known?.(fd, position, lengthBytes);
}

function findSystemCall(): Exclude<typeof known, undefined> {
  try {
    const advise = loadLibrary('libc.so.6').func(
      'int posix_fadvise(int fd, int64_t offset, int64_t length, int advice)',
    );
    return (fd, position, lengthBytes) => advise(fd, position, lengthBytes, POSIX_FADV_DONTNEED);
  } catch {
    return null;
  }
}
