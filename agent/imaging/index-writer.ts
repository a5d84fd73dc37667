import type { FileHandle } from 'node:fs/promises';
import type { Sha256 } from '../../src/contract/ids.ts';
import {
  type ChunkRecord,
  chunkCount,
  ImageIndexEncoder,
  type ImageIndexHeader,
} from '../../src/contract/image-index.ts';
import { writeFully } from './device.ts';

/** Records wait as bytes: as objects they take ten times the room. */
const BATCH_RECORDS = 1024;

/** Records of chunks that follow each other and are alike but for their offsets. */
interface Row {
  first: number;
  count: number;
  record: ChunkRecord;
}

/** Bytes of an index and their place in its file. */
export interface IndexPart {
  bytes: Buffer;
  position: number;
}

/**
 * Makes an image index from records that come in nearly any order, in bounded memory if what waits
 * is taken in time. What stands in the file already is written over, so that the index of an attempt
 * that was cut off may go on.
 */
export class IndexWriter {
  readonly #file: FileHandle;
  readonly #encoder = new ImageIndexEncoder();
  readonly #total: number;
  /** Rows that came before their predecessors, by their first chunk. */
  readonly #early = new Map<number, Row>();
  #lastEarly: Row | undefined;
  #batch: ChunkRecord[] = [];
  #next = 0;
  /** Encoded, and not taken yet. */
  #parts: Buffer[];
  #taken = 0;
  /** Where what is taken next belongs. */
  #position = 0;

  constructor(file: FileHandle, header: ImageIndexHeader) {
    this.#file = file;
    this.#total = chunkCount(header);
    this.#parts = [this.#encoder.header(header)];
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

  /** How many records wait to be taken. */
  get waiting(): number {
    return this.#next - this.#taken;
  }

  /** What comes next in the file. */
  take(): IndexPart {
    this.#encode();
    const [bytes, position] = [Buffer.concat(this.#parts), this.#position];
    this.#parts = [];
    this.#taken = this.#next;
    this.#position += bytes.length;
    return { bytes, position };
  }

  async put({ bytes, position }: IndexPart): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  }

  /** The same while everybody waits. */
  putNow({ bytes, position }: IndexPart): void {
    writeFully(this.#file.fd, bytes, position);
  }

  /** @throws when a write failed or a chunk is missing */
  async finish(): Promise<Sha256> {
    if (this.#next !== this.#total) {
      throw new Error(`the index has ${this.#next} of ${this.#total} chunks`);
    }
    const records = this.take();
    await this.put(records);
    const { bytes, imageHash } = this.#encoder.trailer();
    const position = records.position + records.bytes.length;
    await this.put({ bytes, position });
    await this.#file.truncate(position + bytes.length);
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
      if (this.#batch.length >= BATCH_RECORDS) this.#encode();
    }
    this.#next += count;
  }

  #encode(): void {
    this.#parts.push(this.#encoder.records(this.#batch));
    this.#batch = [];
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
    record.hash.equals(begin.hash)
  );
}
