import { fdatasyncSync } from 'node:fs';
import { errorCode } from '../failure.ts';
import { readFully } from './device.ts';
import { dropFromCache } from './page-cache.ts';

/**
 * Reads what the disk holds, not what the page cache does. Where `O_DIRECT` is
 * impossible the data is flushed, dropped from the cache as far as the system does that, and read
 * the usual way.
 */
export class DirectReader {
  readonly #fd: number;
  readonly #directFd: number | null;

  constructor(options: { fd: number; directFd: number | null }) {
    this.#fd = options.fd;
    this.#directFd = options.directFd;
  }

  /**
   * Gives the bytes read, fewer at the end of the disk.
   *
   * @param into begins at a page; `O_DIRECT` refuses another place
   */
  read(into: Buffer, position: number): number {
    const direct = this.#readDirect(into, position);
    if (direct !== undefined) return direct;
    fdatasyncSync(this.#fd);
    dropFromCache(this.#fd, position, into.length);
    return readFully(this.#fd, into, position);
  }

  #readDirect(into: Buffer, position: number): number | undefined {
    if (this.#directFd === null) return undefined;
    try {
      return readFully(this.#directFd, into, position);
    } catch (error) {
      // The tail of a file need not be a whole number of sectors.
      if (errorCode(error) === 'EINVAL') return undefined;
      throw error;
    }
  }
}
