import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Codec } from '../../src/contract/plan.ts';
import { type ChunkDecoder, type ChunkEncoder, codedRoom } from './chunk-codec.ts';

const MAKER = 'node:zlib';

/**
 * Level 1 with a finer search: it costs a twentieth more time, and with it an image is no more
 * than 3 % larger than `gzip -6` makes it. The window reaches over half a chunk.
 */
export const ZSTD_PARAMETERS: Readonly<Record<number, number>> = {
  [constants.ZSTD_c_compressionLevel]: 1,
  [constants.ZSTD_c_windowLog]: 21,
  [constants.ZSTD_c_hashLog]: 15,
  [constants.ZSTD_c_minMatch]: 6,
  [constants.ZSTD_c_checksumFlag]: 1,
};

/** Node's own codecs: what is there on every machine. */
export function nodeCodec(codec: Codec): ChunkEncoder & ChunkDecoder {
  switch (codec) {
    case 'gzip':
      return {
        maker: MAKER,
        // One output buffer that surely suffices: smaller pieces would be copied together.
        encode: (raw, into) => gzipSync(raw, { level: 1, chunkSize: codedRoom(raw.length) }).copy(into),
        decode: (coded, into) => put(gunzipSync(coded, outputOf(into.length)), into),
      };
    case 'zstd':
      return {
        maker: MAKER,
        encode: (raw, into) => zstdCompressSync(raw, zstdOptions(raw.length)).copy(into),
        decode: (coded, into) => put(zstdDecompressSync(coded, outputOf(into.length)), into),
      };
  }
}

function zstdOptions(rawLength: number) {
  return { chunkSize: codedRoom(rawLength), pledgedSrcSize: rawLength, params: ZSTD_PARAMETERS };
}

function outputOf(length: number): { chunkSize: number; maxOutputLength: number } {
  return { chunkSize: Math.max(length + 1, 64), maxOutputLength: Math.max(length, 1) };
}

/** More than fits is an error, not a cut. */
function put(raw: Buffer, into: Buffer): number {
  if (raw.length > into.length) throw new RangeError(`${raw.length} bytes are more than ${into.length}`);
  return raw.copy(into);
}
