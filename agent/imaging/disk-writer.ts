import { hash } from 'node:crypto';
import { Failure } from '../failure.ts';
import type { ImagingControl } from './control.ts';
import { onDisk, writeFully } from './device.ts';
import { DirectReader } from './direct-reader.ts';
import type { WritableDisk } from './tasks.ts';

const SAMPLE_BYTES = 64 * 1024;

/** A chunk as it shall be on the disk. */
export interface WantedChunk {
  position: number;
  length: number;
  /** Of its bytes; null when they are all zero. */
  sha256: Buffer | null;
  /** Its bytes, asked for only when the disk holds others. */
  bytes: () => Buffer;
}

/** Brings chunks onto a disk: writes what differs, reads it back, and counts. */
export class DiskWriter {
  readonly #disk: WritableDisk;
  readonly #control: ImagingControl;
  readonly #zeros: Buffer;
  readonly #reader: DirectReader;
  /**
   * Chunks that differ come in rows. After one, the next is unpacked and compared: that costs
   * less than a hash of what will be overwritten anyway.
   */
  #lastDiffered = false;

  constructor(options: { disk: WritableDisk; control: ImagingControl; chunkSizeBytes: number }) {
    this.#disk = options.disk;
    this.#control = options.control;
    this.#zeros = Buffer.alloc(options.chunkSizeBytes);
    this.#reader = new DirectReader({ ...options.disk, chunkSizeBytes: options.chunkSizeBytes });
  }

  /** @throws Failure when the disk does not keep what is written */
  put(chunk: WantedChunk): void {
    // Zeros past the end of a smaller disk need no place: the preflight allowed only those.
    const length = Math.min(chunk.length, Math.max(0, this.#disk.sizeBytes - chunk.position));
    if (length === 0 || (!this.#lastDiffered && this.#holds(chunk, length))) {
      this.#skip(chunk);
      return;
    }
    const bytes = chunk.sha256 === null ? this.#zeros.subarray(0, length) : chunk.bytes();
    if (this.#lastDiffered && this.#isThere(bytes, chunk.position)) {
      this.#lastDiffered = false;
      this.#skip(chunk);
      return;
    }
    this.#lastDiffered = true;
    this.#control.beginWrites();
    if (!this.#write(bytes, chunk.position) && !this.#write(bytes, chunk.position)) {
      throw new Failure({
        class: 'box',
        code: 'disk-write-failed',
        message: `the disk does not hold what was written to it at byte ${chunk.position}, twice`,
      });
    }
    this.#control.count({ done: chunk.length, written: length, skipped: chunk.length - length });
  }

  #skip(chunk: WantedChunk): void {
    this.#control.count({ done: chunk.length, skipped: chunk.length });
  }

  #holds(chunk: WantedChunk, length: number): boolean {
    const present = onDisk('reading the disk', () => this.#reader.read(length, chunk.position));
    if (present.length < length) return false;
    // Far cheaper than a hash, and settles it for the empty parts of a new disk.
    const empty = present.equals(this.#zeros.subarray(0, length));
    if (chunk.sha256 === null || empty) return chunk.sha256 === null && empty;
    return hash('sha256', present, 'buffer').equals(chunk.sha256);
  }

  /** The beginning tells of most chunks that they are others; the rest then need not be read. */
  #isThere(bytes: Buffer, position: number): boolean {
    const begins = bytes.subarray(0, SAMPLE_BYTES);
    return [begins, bytes].every((part) =>
      onDisk('reading the disk', () => this.#reader.read(part.length, position)).equals(part),
    );
  }

  /** False when the disk gives back other bytes. */
  #write(bytes: Buffer, position: number): boolean {
    return onDisk('writing the disk', () => {
      writeFully(this.#disk.fd, bytes, position);
      return this.#reader.read(bytes.length, position).equals(bytes);
    });
  }
}
