import { errorCode } from '../failure.ts';
import { writeFully } from './device.ts';

/**
 * Writes past the page cache, which saves a copy of all bytes and the wait for what reading them
 * back would have flushed. What `O_DIRECT` doesn't take is written the usual way.
 */
export class DirectWriter {
  readonly #fd: number;
  readonly #directFd: number | null;

  constructor(options: { fd: number; directWriteFd: number | null }) {
    this.#fd = options.fd;
    this.#directFd = options.directWriteFd;
  }

  /** @param from begins at a page, or takes the longer way */
  write(from: Buffer, position: number): void {
    if (!this.#writesDirect(from, position)) writeFully(this.#fd, from, position);
  }

  #writesDirect(from: Buffer, position: number): boolean {
    if (this.#directFd === null) return false;
    try {
      writeFully(this.#directFd, from, position);
      return true;
    } catch (error) {
      // Memory at another place, or the tail of a file: no whole number of sectors.
      if (errorCode(error) === 'EINVAL') return false;
      throw error;
    }
  }
}
