// Free of zod, so that the agent's worker threads start fast and stay small.

/** Raw bytes a chunk covers; the last one of a disk may be shorter. */
export const CHUNK_SIZE_BYTES = 4 * 1024 * 1024;
/** offset u64 LE, length u32 LE, CRC-32 u32 LE, flags u32 LE, hash (32 bytes). */
export const RECORD_SIZE_BYTES = 52;
const FLAG_ZERO = 1;
const FLAG_BAD = 2;

/** Where one chunk lies in the image file, and how to know it. */
export interface ChunkRecord {
  /** Of the coded member in the image file. */
  offset: number;
  /** Of the coded member. */
  length: number;
  /** CRC-32 (IEEE, as gzip's) of the coded bytes. */
  crc32: number;
  /** Of the raw bytes, by the `ChunkHash` that the index names. */
  hash: Buffer;
  /** The raw bytes are all zero. */
  zero: boolean;
  /** The source could not be read in full; zeros stand where bytes are missing. */
  bad: boolean;
}

/** The index is damaged, truncated or not one at all. */
export class ImageIndexError extends Error {
  override name = 'ImageIndexError';
}

/** A raw size cut into chunks. */
export interface ChunkedSize {
  sizeBytes: number;
  chunkSizeBytes: number;
}

export function chunkCount(size: ChunkedSize): number {
  return Math.ceil(size.sizeBytes / size.chunkSizeBytes);
}

/** Raw size of chunk `number`, in bytes. */
export function chunkLength(size: ChunkedSize, number: number): number {
  return Math.min(size.chunkSizeBytes, size.sizeBytes - number * size.chunkSizeBytes);
}

/** The records as they stand in an index. */
export function encodeRecords(records: readonly ChunkRecord[]): Buffer {
  const bytes = Buffer.alloc(records.length * RECORD_SIZE_BYTES);
  records.forEach((record, position) => {
    const at = position * RECORD_SIZE_BYTES;
    bytes.writeBigUInt64LE(BigInt(record.offset), at);
    bytes.writeUInt32LE(record.length, at + 8);
    bytes.writeUInt32LE(record.crc32, at + 12);
    bytes.writeUInt32LE((record.zero ? FLAG_ZERO : 0) | (record.bad ? FLAG_BAD : 0), at + 16);
    record.hash.copy(bytes, at + 20);
  });
  return bytes;
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
      hash: Buffer.from(bytes.subarray(at + 20, at + 52)),
      zero: (flags & FLAG_ZERO) !== 0,
      bad: (flags & FLAG_BAD) !== 0,
    };
  });
}
