import { fdatasyncSync, readSync } from 'node:fs';
import { errorCode } from '../failure.ts';
import { readFully } from './device.ts';

/** Allocators align to this at least, so an aligned place is a multiple of it away. */
const ALLOCATION_STEP_BYTES = 16;
const ALIGNMENT_BYTES = 4096;

/**
 * Reads what the disk holds, not what the page cache does. `O_DIRECT` wants buffers aligned
 * to the disk's sectors, and JavaScript can't ask for an address: the place is found by trying.
 * Where that is impossible the data is flushed and read the usual way.
 */
export class DirectReader {
  readonly #fd: number;
  readonly #directFd: number | null;
  readonly #memory: Buffer;
  #offset: number | null | undefined;

  /** @param chunkSizeBytes the most that is read at once */
  constructor(options: { fd: number; directFd: number | null; chunkSizeBytes: number }) {
    this.#fd = options.fd;
    this.#directFd = options.directFd;
    this.#memory = Buffer.allocUnsafeSlow(options.chunkSizeBytes + ALIGNMENT_BYTES);
  }

  /** The bytes are valid until the next read. */
  read(length: number, position: number): Buffer {
    const direct = this.#readDirect(length, position);
    if (direct !== undefined) return direct;
    fdatasyncSync(this.#fd);
    const into = this.#memory.subarray(0, length);
    return into.subarray(0, readFully(this.#fd, into, position));
  }

  #readDirect(length: number, position: number): Buffer | undefined {
    if (this.#directFd === null) return undefined;
    if (this.#offset === undefined) this.#offset = this.#probe(this.#directFd);
    if (this.#offset === null) return undefined;
    const into = this.#memory.subarray(this.#offset, this.#offset + length);
    try {
      return into.subarray(0, readFully(this.#directFd, into, position));
    } catch (error) {
      // The tail of a file need not be a whole number of sectors.
      if (errorCode(error) === 'EINVAL') return undefined;
      throw error;
    }
  }

  #probe(directFd: number): number | null {
    for (let offset = 0; offset < ALIGNMENT_BYTES; offset += ALLOCATION_STEP_BYTES) {
      try {
        readSync(directFd, this.#memory, offset, ALIGNMENT_BYTES, 0);
        return offset;
      } catch (error) {
        if (errorCode(error) !== 'EINVAL') throw error;
      }
    }
    return null;
  }
}
