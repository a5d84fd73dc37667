import { crc32 } from 'node:zlib';
import { type ChunkRecord, parseRecords, RECORD_SIZE_BYTES } from '../../src/contract/chunk-record.ts';
import { readFully } from './device.ts';

/** An image whose chunks may be taken as they are. */
export interface StoredImage {
  imageFd: number;
  indexFd: number;
  /** Where the records begin in the index. */
  recordsAt: number;
  /** How many of them there are. */
  chunks: number;
}

/**
 * Chunks that an earlier capture coded. Nothing here is believed: a record counts by its hash,
 * which the disk's own bytes must have, and the coded bytes by their check sum. What can't be read
 * is as good as not there, since the disk has it too.
 */
export class StoredChunks {
  readonly #image: StoredImage;
  readonly #record = Buffer.alloc(RECORD_SIZE_BYTES);

  constructor(image: StoredImage) {
    this.#image = image;
  }

  /** Null where there is none that could be read. */
  record(chunk: number): ChunkRecord | null {
    const { indexFd, recordsAt, chunks } = this.#image;
    if (chunk >= chunks) return null;
    try {
      const count = readFully(indexFd, this.#record, recordsAt + chunk * RECORD_SIZE_BYTES);
      return count === RECORD_SIZE_BYTES ? (parseRecords(this.#record)[0] ?? null) : null;
    } catch {
      return null;
    }
  }

  /** Reads the coded bytes; false when they are not those of the record. */
  read(record: ChunkRecord, into: Buffer): boolean {
    if (record.length > into.length) return false;
    const coded = into.subarray(0, record.length);
    try {
      return (
        readFully(this.#image.imageFd, coded, record.offset) === coded.length && crc32(coded) === record.crc32
      );
    } catch {
      return false;
    }
  }
}
