import type { FileHandle } from 'node:fs/promises';
import type { Sha256 } from '../../src/contract/ids.ts';
import {
  type ChunkRecord,
  chunkCount,
  ImageIndexEncoder,
  type ImageIndexHeader,
} from '../../src/contract/image-index.ts';
import { writeFully } from './device.ts';

const BATCH_RECORDS = 1024;
/** More may not wait to be written: when nobody has to read them, zeros come by the tebibyte. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/** Records of chunks that follow each other and are alike but for their offsets. */
interface Row {
  first: number;
  count: number;
  record: ChunkRecord;
}

/** Writes an image index from records that come in nearly any order, in bounded memory. */
export class IndexWriter {
  readonly #file: FileHandle;
  readonly #encoder = new ImageIndexEncoder();
  readonly #total: number;
  /** Rows that came before their predecessors, by their first chunk. */
  readonly #early = new Map<number, Row>();
  #lastEarly: Row | undefined;
  #batch: ChunkRecord[] = [];
  #next = 0;
  #position = 0;
  #waitingBytes = 0;
  #writes: Promise<void> = Promise.resolve();

  constructor(file: FileHandle, header: ImageIndexHeader) {
    this.#file = file;
    this.#total = chunkCount(header);
    this.#write(this.#encoder.header(header));
  }

  add(chunk: number, record: ChunkRecord): void {
    if (chunk !== this.#next) {
      this.#keep(chunk, record);
      return;
    }
    this.#place({ first: chunk, count: 1, record });
    for (let row = this.#early.get(this.#next); row !== undefined; row = this.#early.get(this.#next)) {
      this.#early.delete(row.first);
      if (row === this.#lastEarly) this.#lastEarly = undefined;
      this.#place(row);
    }
  }

  /** @throws when a write failed or a chunk is missing */
  async finish(): Promise<Sha256> {
    if (this.#next !== this.#total) {
      throw new Error(`the index has ${this.#next} of ${this.#total} chunks`);
    }
    this.#flush();
    const { bytes, imageHash } = this.#encoder.trailer();
    this.#write(bytes);
    await this.#writes;
    return imageHash;
  }

  #keep(chunk: number, record: ChunkRecord): void {
    const last = this.#lastEarly;
    if (last !== undefined && follows(last, chunk, record)) {
      last.count += 1;
      return;
    }
    this.#lastEarly = { first: chunk, count: 1, record };
    this.#early.set(chunk, this.#lastEarly);
  }

  #place({ count, record }: Row): void {
    for (let at = 0; at < count; at += 1) {
      this.#batch.push({ ...record, offset: record.offset + at * record.length });
      if (this.#batch.length >= BATCH_RECORDS) this.#flush();
    }
    this.#next += count;
  }

  #flush(): void {
    const bytes = this.#encoder.records(this.#batch);
    this.#batch = [];
    this.#write(bytes);
  }

  #write(bytes: Buffer): void {
    const position = this.#position;
    this.#position += bytes.length;
    if (this.#waitingBytes + bytes.length > MOST_WAITING_BYTES) {
      writeFully(this.#file.fd, bytes, position);
      return;
    }
    this.#waitingBytes += bytes.length;
    this.#writes = this.#writes.then(async () => {
      const { bytesWritten } = await this.#file.write(bytes, 0, bytes.length, position);
      writeFully(this.#file.fd, bytes.subarray(bytesWritten), position + bytesWritten);
      this.#waitingBytes -= bytes.length;
    });
    // Reported by `finish`; a rejection nobody awaits yet would end the process.
    this.#writes.catch(() => undefined);
  }
}

/** The next of a row. */
function follows(row: Row, chunk: number, record: ChunkRecord): boolean {
  const { first, count, record: begin } = row;
  return (
    chunk === first + count &&
    record.offset === begin.offset + count * begin.length &&
    record.length === begin.length &&
    record.crc32 === begin.crc32 &&
    record.zero === begin.zero &&
    record.bad === begin.bad &&
    record.sha256.equals(begin.sha256)
  );
}
