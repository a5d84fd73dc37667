import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';
import { DiskIdentity, DiskSlot } from './disk.ts';
import { JobId, type Sha256 } from './ids.ts';
import { Codec } from './plan.ts';

/** Raw bytes a chunk covers; the last one of a disk may be shorter. */
export const CHUNK_SIZE_BYTES = 4 * 1024 * 1024;
/** offset u64 LE, length u32 LE, CRC-32 u32 LE, flags u32 LE, SHA-256 (32 bytes). */
export const RECORD_SIZE_BYTES = 52;
const TRAILER_SIZE_BYTES = 32;
const FLAG_ZERO = 1;
const FLAG_BAD = 2;
const HEADER_LIMIT_BYTES = 64 * 1024;

export const ImageIndexHeader = z.object({
  format: z.literal('testbox-image-index'),
  version: z.literal(1),
  slot: DiskSlot,
  identity: DiskIdentity,
  /** Size of the raw disk. */
  sizeBytes: z.int().nonnegative(),
  sectorSizeBytes: z.int().positive(),
  chunkSizeBytes: z.int().positive(),
  codec: Codec,
  job: JobId.nullable(),
  generation: z.int().positive(),
});
export type ImageIndexHeader = z.infer<typeof ImageIndexHeader>;

/** Where one chunk lies in the image file, and how to know it. */
export interface ChunkRecord {
  /** Of the coded member in the image file. */
  offset: number;
  /** Of the coded member. */
  length: number;
  /** CRC-32 (IEEE, as gzip's) of the coded bytes. */
  crc32: number;
  /** SHA-256 of the raw bytes. */
  sha256: Buffer;
  /** The raw bytes are all zero. */
  zero: boolean;
  /** The source could not be read in full; zeros stand where bytes are missing. */
  bad: boolean;
}

/** The index is damaged, truncated or not one at all. */
export class ImageIndexError extends Error {
  override name = 'ImageIndexError';
}

export function chunkCount(header: Pick<ImageIndexHeader, 'sizeBytes' | 'chunkSizeBytes'>): number {
  return Math.ceil(header.sizeBytes / header.chunkSizeBytes);
}

/** Raw size of chunk `number`, in bytes. */
export function chunkLength(
  header: Pick<ImageIndexHeader, 'sizeBytes' | 'chunkSizeBytes'>,
  number: number,
): number {
  return Math.min(header.chunkSizeBytes, header.sizeBytes - number * header.chunkSizeBytes);
}

/** Makes an index piece by piece: header, then records in order, then the trailer. */
export class ImageIndexEncoder {
  readonly #hash: Hash = createHash('sha256');

  header(header: ImageIndexHeader): Buffer {
    return this.#hashed(Buffer.from(`${JSON.stringify(header)}\n`));
  }

  records(records: readonly ChunkRecord[]): Buffer {
    const bytes = Buffer.alloc(records.length * RECORD_SIZE_BYTES);
    records.forEach((record, position) => {
      const at = position * RECORD_SIZE_BYTES;
      bytes.writeBigUInt64LE(BigInt(record.offset), at);
      bytes.writeUInt32LE(record.length, at + 8);
      bytes.writeUInt32LE(record.crc32, at + 12);
      bytes.writeUInt32LE((record.zero ? FLAG_ZERO : 0) | (record.bad ? FLAG_BAD : 0), at + 16);
      record.sha256.copy(bytes, at + 20);
    });
    return this.#hashed(bytes);
  }

  /** The last bytes of the file, and in hex the image's hash. */
  trailer(): { bytes: Buffer; imageHash: Sha256 } {
    const bytes = this.#hash.digest();
    return { bytes, imageHash: bytes.toString('hex') };
  }

  #hashed(bytes: Buffer): Buffer {
    this.#hash.update(bytes);
    return bytes;
  }
}

export type ImageIndexPart =
  | { kind: 'header'; header: ImageIndexHeader }
  | { kind: 'records'; first: number; records: ChunkRecord[] }
  | { kind: 'end'; imageHash: Sha256 };

/**
 * Reads an index as a stream in bounded memory. The records are only proved by the `end`
 * part: who acts on them first must have read the index through once before.
 *
 * @throws ImageIndexError when it is malformed, truncated, too long, or its hash is wrong
 */
export async function* readImageIndex(source: AsyncIterable<Uint8Array>): AsyncGenerator<ImageIndexPart> {
  const hash = createHash('sha256');
  let pending: Buffer = Buffer.alloc(0);
  let header: ImageIndexHeader | undefined;
  let first = 0;
  let total = 0;
  for await (const piece of source) {
    pending = pending.length === 0 ? Buffer.from(piece) : Buffer.concat([pending, piece]);
    if (header === undefined) {
      const end = pending.indexOf(0x0a);
      if (end < 0 && pending.length <= HEADER_LIMIT_BYTES) continue;
      header = parseHeader(pending.subarray(0, Math.max(end, 0)));
      hash.update(pending.subarray(0, end + 1));
      pending = pending.subarray(end + 1);
      total = chunkCount(header);
      yield { kind: 'header', header };
    }
    const whole = Math.min(Math.floor(pending.length / RECORD_SIZE_BYTES), total - first);
    if (whole > 0) {
      const bytes = pending.subarray(0, whole * RECORD_SIZE_BYTES);
      hash.update(bytes);
      yield { kind: 'records', first, records: parseRecords(bytes) };
      pending = pending.subarray(bytes.length);
      first += whole;
    }
    if (first === total && pending.length > TRAILER_SIZE_BYTES)
      throw new ImageIndexError('bytes after the end of the index');
  }
  if (header === undefined || first < total || pending.length < TRAILER_SIZE_BYTES) {
    throw new ImageIndexError(
      `the index is truncated (${first} of ${header === undefined ? '?' : total} chunks)`,
    );
  }
  const imageHash = hash.digest('hex');
  if (imageHash !== pending.toString('hex'))
    throw new ImageIndexError('the hash of the index is wrong: it was changed');
  yield { kind: 'end', imageHash };
}

function parseHeader(line: Buffer): ImageIndexHeader {
  try {
    return ImageIndexHeader.parse(JSON.parse(line.toString('utf8')));
  } catch (cause) {
    throw new ImageIndexError('the first line is not the header of an image index', { cause });
  }
}

/** Records from a whole number of them, unproved. @throws ImageIndexError on unknown flags */
export function parseRecords(bytes: Buffer): ChunkRecord[] {
  return Array.from({ length: bytes.length / RECORD_SIZE_BYTES }, (_unused, position) => {
    const at = position * RECORD_SIZE_BYTES;
    const flags = bytes.readUInt32LE(at + 16);
    if ((flags & ~(FLAG_ZERO | FLAG_BAD)) !== 0)
      throw new ImageIndexError(`chunk flags ${flags} are unknown`);
    return {
      offset: Number(bytes.readBigUInt64LE(at)),
      length: bytes.readUInt32LE(at + 8),
      crc32: bytes.readUInt32LE(at + 12),
      sha256: Buffer.from(bytes.subarray(at + 20, at + 52)),
      zero: (flags & FLAG_ZERO) !== 0,
      bad: (flags & FLAG_BAD) !== 0,
    };
  });
}
