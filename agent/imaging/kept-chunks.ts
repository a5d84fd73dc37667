import type { ChunkRecord } from '../../src/contract/chunk-record.ts';
import { readFully } from './device.ts';
import { StoredChunks, type StoredImage } from './stored-chunks.ts';
import type { Workshop } from './workshop.ts';

/** What a capture shares with all its threads of what an attempt before it has left. */
export interface KeptImage {
  /** In the files that are being made. */
  image: StoredImage;
  limit: SharedArrayBuffer;
}

export function keptImage(image: StoredImage): KeptImage {
  const limit = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  new Int32Array(limit)[0] = image.chunks;
  return { image, limit };
}

/**
 * Chunks that stand in the image already, where an attempt that was cut off has put them. They stay
 * while the disk has the same, from the first one to the first that differs: what is behind that
 * will be written over, as members of other lengths move all that follow.
 */
export class KeptChunks {
  readonly #about: KeptImage;
  readonly #limit: Int32Array;
  readonly #stored: StoredChunks;
  readonly #workshop: Workshop;

  constructor(about: KeptImage, workshop: Workshop) {
    this.#about = about;
    this.#limit = new Int32Array(about.limit);
    this.#stored = new StoredChunks(about.image);
    this.#workshop = workshop;
  }

  /** Null for a chunk from which on all is made anew. */
  record(chunk: number): ChunkRecord | null {
    return chunk < Atomics.load(this.#limit, 0) ? this.#stored.record(chunk) : null;
  }

  /** Reads the coded bytes; false when they are not those of the record. */
  read(record: ChunkRecord, into: Buffer): boolean {
    return this.#stored.read(record, into);
  }

  /** From this chunk on all is made anew. */
  endAt(chunk: number): void {
    for (;;) {
      const limit = Atomics.load(this.#limit, 0);
      if (limit <= chunk || Atomics.compareExchange(this.#limit, 0, limit, chunk) === limit) return;
    }
  }

  /** Whether these bytes stand there already; asked only for the place where they would be written. */
  holds(row: { first: number; offset: number }, bytes: Buffer): boolean {
    if (row.first >= Atomics.load(this.#limit, 0)) return false;
    const found = this.#workshop.buffer('kept row', bytes.length);
    try {
      return readFully(this.#about.image.imageFd, found, row.offset) === bytes.length && found.equals(bytes);
    } catch {
      return false;
    }
  }
}
