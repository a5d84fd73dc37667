import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';
import { CHUNK_HASHES } from './chunk-hash.ts';
import {
  type ChunkRecord,
  chunkCount,
  encodeRecords,
  ImageIndexError,
  parseRecords,
  RECORD_SIZE_BYTES,
} from './chunk-record.ts';
import { DiskIdentity, DiskSlot } from './disk.ts';
import { JobId, type Sha256 } from './ids.ts';
import { Codec } from './plan.ts';

export {
  CHUNK_SIZE_BYTES,
  type ChunkRecord,
  chunkCount,
  ImageIndexError,
  RECORD_SIZE_BYTES,
} from './chunk-record.ts';

const TRAILER_SIZE_BYTES = 32;
const HEADER_LIMIT_BYTES = 64 * 1024;

export const ImageIndexHeader = z.object({
  format: z.literal('testbox-image-index'),
  /** 1 had no `chunkHash`. */
  version: z.literal([1, 2]),
  slot: DiskSlot,
  identity: DiskIdentity,
  /** Size of the raw disk. */
  sizeBytes: z.int().nonnegative(),
  sectorSizeBytes: z.int().positive(),
  chunkSizeBytes: z.int().positive(),
  codec: Codec,
  chunkHash: z.enum(CHUNK_HASHES).default('sha256'),
  job: JobId.nullable(),
  generation: z.int().positive(),
});
export type ImageIndexHeader = z.infer<typeof ImageIndexHeader>;

/** Makes an index piece by piece: header, then records in order, then the trailer. */
export class ImageIndexEncoder {
  readonly #hash: Hash = createHash('sha256');

  header(header: ImageIndexHeader): Buffer {
    return this.#hashed(Buffer.from(`${JSON.stringify(header)}\n`));
  }

  records(records: readonly ChunkRecord[]): Buffer {
    return this.#hashed(encodeRecords(records));
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
