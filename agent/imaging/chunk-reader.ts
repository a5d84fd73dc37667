import { crc32 } from 'node:zlib';
import type { HashBytes } from '../../src/contract/chunk-hash.ts';
import {
  type ChunkRecord,
  chunkLength,
  parseRecords,
  RECORD_SIZE_BYTES,
} from '../../src/contract/chunk-record.ts';
import { describeError, Failure } from '../failure.ts';
import { codedRoom } from './chunk-codec.ts';
import { onShare, readFully } from './device.ts';
import { hasherOf } from './hasher.ts';
import type { IndexedSource } from './tasks.ts';
import type { Workshop } from './workshop.ts';

/** Reads chunks of an indexed image, each proved, into memory that is taken once. */
export class ChunkReader {
  readonly #source: IndexedSource;
  readonly #workshop: Workshop;
  readonly #hash: HashBytes;
  readonly #record = Buffer.alloc(RECORD_SIZE_BYTES);
  readonly #zeroHashes = new Map<number, Buffer>();

  constructor(source: IndexedSource, workshop: Workshop) {
    this.#hash = hasherOf(source.chunkHash);
    this.#source = source;
    this.#workshop = workshop;
  }

  record(chunk: number): ChunkRecord {
    const at = this.#source.recordsAt + chunk * RECORD_SIZE_BYTES;
    const count = onShare('reading the index', () => readFully(this.#source.indexFd, this.#record, at));
    const [record] = count === RECORD_SIZE_BYTES ? parseRecords(this.#record) : [];
    // The record is read a second time here, after its index was proved: a flag that turned
    // would overwrite data with zeros, and the hash tells.
    const sound = record !== undefined && (!record.zero || record.hash.equals(this.#zeroHash(chunk)));
    if (sound) return record;
    throw new Failure({
      class: 'storage',
      code: 'index-damaged',
      message: `the index changed after it was checked, at chunk ${chunk}`,
    });
  }

  #zeroHash(chunk: number): Buffer {
    const length = chunkLength(this.#source, chunk);
    let known = this.#zeroHashes.get(length);
    if (known === undefined) {
      known = this.#hash(Buffer.alloc(length));
      this.#zeroHashes.set(length, known);
    }
    return known;
  }

  /** Reads the coded bytes and proves them by their check sum. */
  check(chunk: number, record: ChunkRecord): void {
    if (crc32(this.#coded(chunk, record)) !== record.crc32) throw damaged(chunk, 'its check sum is wrong');
  }

  #coded(chunk: number, record: ChunkRecord): Buffer {
    // Another program's codec may have taken more room than ours ever do.
    const room = Math.max(codedRoom(this.#source.chunkSizeBytes), record.length);
    const coded = this.#workshop.buffer('coded chunk', room).subarray(0, record.length);
    const count = onShare('reading the image', () => readFully(this.#source.imageFd, coded, record.offset));
    if (count < record.length) {
      throw new Failure({
        class: 'storage',
        code: 'image-truncated',
        message: `the image ends in chunk ${chunk}`,
      });
    }
    return coded;
  }

  /** The raw bytes, with the hash of the index, which proves all; valid until the next ones are read. */
  raw(chunk: number, record: ChunkRecord): Buffer {
    const coded = this.#coded(chunk, record);
    const length = chunkLength(this.#source, chunk);
    const raw = this.#workshop.buffer('raw chunk', this.#source.chunkSizeBytes).subarray(0, length);
    const count = this.#decode(chunk, coded, raw);
    if (count !== length) throw damaged(chunk, `it holds ${count} bytes instead of ${length}`);
    if (!this.#hash(raw).equals(record.hash)) throw damaged(chunk, 'its hash is wrong');
    return raw;
  }

  #decode(chunk: number, coded: Buffer, into: Buffer): number {
    const codec = this.#workshop.codec(this.#source.codec);
    try {
      return codec.decode(coded, into);
    } catch (error) {
      throw damaged(chunk, describeError(error));
    }
  }
}

function damaged(chunk: number, why: string): Failure {
  return new Failure({
    class: 'storage',
    code: 'image-damaged',
    message: `chunk ${chunk} of the image is damaged: ${why}`,
  });
}
