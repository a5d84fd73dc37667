import { fstatSync } from 'node:fs';
import { lastErrorCode, loadLibrary } from './native/foreign.ts';

const SEEK_DATA = 3;
const NO_MORE_DATA = 'ENXIO';

/** Where data begins at or after a place, the file's end when none does; null when that can't be told. */
type FindData = (fd: number, position: number) => number | null;

let known: FindData | null | undefined;

/**
 * Knows which parts of a disk that is a file were never written: they are zeros, and of a
 * sparse file of many tebibytes nobody would live to read them all. A block device has none.
 */
export class Holes {
  readonly #fd: number;
  readonly #isFile: boolean;
  #hole = { from: 0, to: 0 };

  constructor(fd: number) {
    this.#fd = fd;
    this.#isFile = fstatSync(fd).isFile();
  }

  /** False also when it can't be told. */
  cover(position: number, lengthBytes: number): boolean {
    const end = position + lengthBytes;
    if (position < this.#hole.from || end > this.#hole.to) {
      this.#hole = { from: position, to: this.#findData(position) ?? position };
    }
    return end <= this.#hole.to;
  }

  #findData(position: number): number | null {
    if (!this.#isFile) return null;
    if (known === undefined) known = findSystemCall();
    return known?.(this.#fd, position) ?? null;
  }
}

function findSystemCall(): FindData | null {
  try {
    const seek = loadLibrary('libc.so.6').func('int64_t lseek64(int fd, int64_t offset, int whence)');
    return (fd, position) => {
      // It moves the descriptor's own place, which nobody goes by: all reads name theirs.
      const found = Number(seek(fd, position, SEEK_DATA));
      if (found >= 0) return found;
      // What a file that is too short lacks is no hole.
      return lastErrorCode() === NO_MORE_DATA ? fstatSync(fd).size : null;
    };
  } catch {
    return null; // all of it is read then
  }
}
