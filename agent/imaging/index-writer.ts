import type { FileHandle } from 'node:fs/promises';
import type { Sha256 } from '../../src/contract/ids.ts';
import {
  type ChunkRecord,
  chunkCount,
  ImageIndexEncoder,
  type ImageIndexHeader,
} from '../../src/contract/image-index.ts';

const BATCH_RECORDS = 1024;

/** Writes an image index from records that come in nearly any order. */
export class IndexWriter {
  readonly #file: FileHandle;
  readonly #encoder = new ImageIndexEncoder();
  readonly #total: number;
  /** Records that came before their predecessors. */
  readonly #early = new Map<number, ChunkRecord>();
  #batch: ChunkRecord[] = [];
  #next = 0;
  #writes: Promise<void>;

  constructor(file: FileHandle, header: ImageIndexHeader) {
    this.#file = file;
    this.#total = chunkCount(header);
    this.#writes = file.appendFile(this.#encoder.header(header));
    // Reported by `finish`; a rejection nobody awaits yet would end the process.
    this.#writes.catch(() => undefined);
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
    if (this.#batch.length >= BATCH_RECORDS) this.#flush();
  }

  /** @throws when a write failed or a chunk is missing */
  async finish(): Promise<Sha256> {
    if (this.#next !== this.#total) {
      throw new Error(`the index has ${this.#next} of ${this.#total} chunks`);
    }
    this.#flush();
    const { bytes, imageHash } = this.#encoder.trailer();
    await this.#writes;
    await this.#file.appendFile(bytes);
    return imageHash;
  }

  #flush(): void {
    const bytes = this.#encoder.records(this.#batch);
    this.#batch = [];
    this.#writes = this.#writes.then(() => this.#file.appendFile(bytes));
    this.#writes.catch(() => undefined);
  }
}
