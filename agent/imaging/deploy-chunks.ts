import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  type ChunkRecord,
  chunkCount,
  chunkLength,
  parseRecords,
  RECORD_SIZE_BYTES,
} from '../../src/contract/chunk-record.ts';
import { describeError, Failure } from '../failure.ts';
import { decodeChunk } from './codec.ts';
import { ImagingControl } from './control.ts';
import { onShare, readFully } from './device.ts';
import { DiskWriter } from './disk-writer.ts';
import type { CheckTask, DeployTask, IndexedSource } from './tasks.ts';

/** One worker's share of reading an image through: every member is there and unchanged. */
export function checkChunks(task: CheckTask): void {
  const control = new ImagingControl(task.control);
  const reader = new ChunkReader(task.source);
  for (const chunk of chunksOf(task.source, control)) {
    reader.coded(chunk, reader.record(chunk));
    control.count({ done: chunkLength(task.source, chunk) });
  }
}

/** One worker's share of writing an image to a disk. */
export function deployChunks(task: DeployTask): void {
  const { source, disk } = task;
  const control = new ImagingControl(task.control);
  const reader = new ChunkReader(source);
  const writer = new DiskWriter({ disk, control, chunkSizeBytes: source.chunkSizeBytes });
  for (const chunk of chunksOf(source, control)) {
    const record = reader.record(chunk);
    writer.put({
      position: chunk * source.chunkSizeBytes,
      length: chunkLength(source, chunk),
      sha256: record.zero ? null : record.sha256,
      bytes: () => reader.raw(chunk, record),
    });
  }
}

function* chunksOf(source: IndexedSource, control: ImagingControl): Generator<number> {
  for (;;) {
    const chunk = control.take(chunkCount(source), (number) => chunkLength(source, number));
    if (chunk === undefined) return;
    yield chunk;
  }
}

class ChunkReader {
  readonly #source: IndexedSource;
  readonly #record = Buffer.alloc(RECORD_SIZE_BYTES);
  readonly #zeroHashes = new Map<number, Buffer>();
  #memory: Buffer = Buffer.alloc(0);

  constructor(source: IndexedSource) {
    this.#source = source;
  }

  record(chunk: number): ChunkRecord {
    const at = this.#source.recordsAt + chunk * RECORD_SIZE_BYTES;
    const count = onShare('reading the index', () => readFully(this.#source.indexFd, this.#record, at));
    const [record] = count === RECORD_SIZE_BYTES ? parseRecords(this.#record) : [];
    // The record is read a second time here, after its index was proved: a flag that turned
    // would overwrite data with zeros, and the hash tells.
    const sound = record !== undefined && (!record.zero || record.sha256.equals(this.#zeroHash(chunk)));
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
      known = hash('sha256', Buffer.alloc(length), 'buffer');
      this.#zeroHashes.set(length, known);
    }
    return known;
  }

  coded(chunk: number, record: ChunkRecord): Buffer {
    if (this.#memory.length < record.length) this.#memory = Buffer.allocUnsafeSlow(record.length);
    const coded = this.#memory.subarray(0, record.length);
    const count = onShare('reading the image', () => readFully(this.#source.imageFd, coded, record.offset));
    if (count < record.length) {
      throw new Failure({
        class: 'storage',
        code: 'image-truncated',
        message: `the image ends in chunk ${chunk}`,
      });
    }
    if (crc32(coded) !== record.crc32) throw damaged(chunk, 'its check sum is wrong');
    return coded;
  }

  raw(chunk: number, record: ChunkRecord): Buffer {
    const coded = this.coded(chunk, record);
    const length = chunkLength(this.#source, chunk);
    let raw: Buffer;
    try {
      raw = decodeChunk(this.#source.codec, coded, length);
    } catch (error) {
      throw damaged(chunk, describeError(error));
    }
    if (raw.length !== length) throw damaged(chunk, `it holds ${raw.length} bytes instead of ${length}`);
    if (!hash('sha256', raw, 'buffer').equals(record.sha256)) throw damaged(chunk, 'its hash is wrong');
    return raw;
  }
}

function damaged(chunk: number, why: string): Failure {
  return new Failure({
    class: 'storage',
    code: 'image-damaged',
    message: `chunk ${chunk} of the image is damaged: ${why}`,
  });
}
