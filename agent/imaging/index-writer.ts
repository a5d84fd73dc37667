import type { FileHandle } from 'node:fs/promises';
import type { Sha256 } from '../../src/contract/ids.ts';
import {
  type ChunkRecord,
  chunkCount,
  ImageIndexEncoder,
  type ImageIndexHeader,
} from '../../src/contract/image-index.ts';

/**
 * Makes an image index from records that come in nearly any order. What stands in the file already
 * is written over, so that the index of an attempt that was cut off may go on.
 */
export class IndexWriter {
  readonly #file: FileHandle;
  readonly #encoder = new ImageIndexEncoder();
  readonly #total: number;
  /** Records that came before their predecessors. */
  readonly #early = new Map<number, ChunkRecord>();
  #header: Buffer;
  #batch: ChunkRecord[] = [];
  #next = 0;
  #position = 0;

  constructor(file: FileHandle, header: ImageIndexHeader) {
    this.#file = file;
    this.#total = chunkCount(header);
    this.#header = this.#encoder.header(header);
  }

  add(chunk: number, record: ChunkRecord): void {
    this.#early.set(chunk, record);
    for (;;) {
      const next = this.#early.get(this.#next);
      if (next === undefined) break;
      this.#early.delete(this.#next);
      this.#batch.push(next);
      this.#next += 1;
    }
  }

  /** How many records wait to be taken. */
  get waiting(): number {
    return this.#batch.length;
  }

  /** What comes next in the file, to be put there before the next is taken. */
  take(): Buffer {
    const bytes = Buffer.concat([this.#header, this.#encoder.records(this.#batch)]);
    this.#header = Buffer.alloc(0);
    this.#batch = [];
    return bytes;
  }

  async put(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const at = this.#position;
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, at);
      done += bytesWritten;
      this.#position += bytesWritten;
    }
  }

  /** @throws when a write failed or a chunk is missing */
  async finish(): Promise<Sha256> {
    if (this.#next !== this.#total) {
      throw new Error(`the index has ${this.#next} of ${this.#total} chunks`);
    }
    await this.put(this.take());
    const { bytes, imageHash } = this.#encoder.trailer();
    await this.put(bytes);
    await this.#file.truncate(this.#position);
    return imageHash;
  }
}
