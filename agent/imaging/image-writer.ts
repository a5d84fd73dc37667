import { crc32, gzipSync } from 'node:zlib';
import type { Codec } from '../../src/contract/plan.ts';
import { type ChunkCodec, codedRoom } from './chunk-codec.ts';
import type { ImagingControl } from './control.ts';
import { onShare, writeFully } from './device.ts';
import type { KeptChunks } from './kept-chunks.ts';
import type { CapturedChunks, ChunkOrigin } from './tasks.ts';
import type { Workshop } from './workshop.ts';
import type { WriteOrder } from './write-order.ts';

/** Coded chunks that wait for their place: with fewer, a thread idles beside a slower one. */
const WAITING_CHUNKS = 6;
/** Members of zeros that are written at once: a megabyte of them. */
const ROW_CHUNKS = 256;
/** Where zeros come faster, as holes do, a row grows meanwhile, and is written at once. */
const ROW_MS = 1;
/** A codec that does not even get this far with zeros is helped. */
const POOR_RATIO = 512;

interface CodedChunk {
  chunk: number;
  rawLength: number;
  coded: Buffer;
  slot: Buffer;
  hash: Uint8Array;
  zero: boolean;
  bad: boolean;
  origin: ChunkOrigin;
  /** Where the coded bytes stand in the image already; null where they don't. */
  standsAt: number | null;
}

/** One thread's writes to the image file: each chunk in its place, rows of zeros at once. */
export class ImageWriter {
  readonly #about: Parts;
  readonly #free: Buffer[] = [];
  readonly #waiting: CodedChunk[] = [];
  #zeros: { members: Buffer; length: number; crc32: number } | undefined;
  #wroteZerosAt = Number.NEGATIVE_INFINITY;

  constructor(about: Parts) {
    this.#about = about;
    const room = codedRoom(about.chunkSizeBytes);
    for (let slot = 0; slot < WAITING_CHUNKS; slot += 1) {
      this.#free.push(about.workshop.buffer(`coded chunk ${slot}`, room));
    }
  }

  /** Where the next chunk may be coded; undefined when the work is stopped. */
  room(): Buffer | undefined {
    for (;;) {
      const slot = this.#free.at(-1);
      if (slot !== undefined) return slot;
      if (!this.#writeFirst('wait')) return undefined;
    }
  }

  /** Takes what was coded into the last `room`. */
  put(chunk: Omit<CodedChunk, 'slot' | 'coded'> & { codedLength: number }): void {
    const slot = this.#free.pop();
    if (slot === undefined) throw new Error('a chunk was coded without room');
    const { codedLength, ...rest } = chunk;
    this.#waiting.push({ ...rest, slot, coded: slot.subarray(0, codedLength) });
    while (this.#writeFirst('try'));
  }

  /** A whole chunk of zeros. */
  putZeros(chunk: number): void {
    const { order, control, chunkSizeBytes } = this.#about;
    order.markZero(chunk);
    control.count({ done: chunkSizeBytes, skipped: chunkSizeBytes });
    // Who waits behind them writes them, too: nobody is held up by a row that grows.
    if (performance.now() - this.#wroteZerosAt < ROW_MS) return;
    this.#writeZeros();
    while (this.#writeFirst('try'));
  }

  /** Writes what still waits, unless the work is stopped. */
  finish(): void {
    while (this.#writeFirst('wait'));
    this.#writeZeros();
  }

  /** False when there is nothing that could be written (yet). */
  #writeFirst(wait: 'wait' | 'try'): boolean {
    const { order, control, imageFd, post } = this.#about;
    const [first] = this.#waiting;
    if (first === undefined) return false;
    const { chunk, coded, rawLength, hash, zero, bad } = first;
    let offset = order.place(chunk, coded.length);
    while (offset === undefined) {
      if (wait === 'try' || control.stopped) return false;
      this.#writeZeros();
      order.wait(chunk);
      offset = order.place(chunk, coded.length);
    }
    // The next one's turn has come already: who writes it need not wait for this write.
    const stands = first.standsAt === offset;
    if (!stands) this.#write(imageFd, coded, offset);
    this.#waiting.shift();
    this.#free.push(first.slot);
    const skipped = zero || stands ? rawLength : 0;
    control.count({ done: rawLength, written: stands ? 0 : coded.length, skipped });
    post({
      kind: 'captured',
      chunk,
      count: 1,
      offset,
      length: coded.length,
      crc32: crc32(coded),
      hash,
      zero,
      bad,
      origin: stands || first.origin !== 'kept' ? first.origin : 'coded',
    });
    this.#writeZeros();
    return true;
  }

  #writeZeros(): void {
    const { order, control, imageFd, post, zeroHash, kept } = this.#about;
    this.#wroteZerosAt = performance.now();
    this.#zeros ??= this.#zeroMembers();
    const { members, length, crc32: sum } = this.#zeros;
    for (;;) {
      const place = order.placeZeros({ length, most: ROW_CHUNKS });
      if (place === undefined) return;
      const { first, count, offset } = place;
      const row = members.subarray(0, count * length);
      const stands = kept?.holds({ first, offset }, row) ?? false;
      if (!stands) this.#write(imageFd, row, offset);
      control.count({ done: 0, written: stands ? 0 : row.length });
      post({
        kind: 'captured',
        chunk: first,
        count,
        offset,
        length,
        crc32: sum,
        hash: zeroHash,
        zero: true,
        bad: false,
        origin: stands ? 'kept' : 'coded',
      });
    }
  }

  #write(imageFd: number, bytes: Buffer, offset: number): void {
    onShare('writing the image', () => writeFully(imageFd, bytes, offset));
  }

  #zeroMembers(): { members: Buffer; length: number; crc32: number } {
    const { codec, coder, zeros, workshop } = this.#about;
    const member = zeroMember(codec, coder, zeros);
    const members = workshop.buffer(`members of zeros, ${codec}`, ROW_CHUNKS * member.length);
    members.fill(member);
    return { members, length: member.length, crc32: crc32(member) };
  }
}

interface Parts {
  imageFd: number;
  chunkSizeBytes: number;
  codec: Codec;
  coder: ChunkCodec;
  order: WriteOrder;
  control: ImagingControl;
  workshop: Workshop;
  kept: KeptChunks | null;
  /** A chunk of them. */
  zeros: Buffer;
  zeroHash: Uint8Array;
  post: (chunks: CapturedChunks) => void;
}

/** All threads make the same one. */
function zeroMember(codec: Codec, coder: ChunkCodec, zeros: Buffer): Buffer {
  const room = Buffer.alloc(codedRoom(zeros.length));
  const member = room.subarray(0, coder.encode(zeros, room));
  if (codec === 'zstd' || member.length < zeros.length / POOR_RATIO) return member;
  return gzipSync(zeros, { level: 9 });
}
