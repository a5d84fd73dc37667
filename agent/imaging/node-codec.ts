import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Codec } from '../../src/contract/plan.ts';
import { type ChunkCodec, codedRoom } from './chunk-codec.ts';

const MAKER = 'node:zlib';

/** Node's own codecs: what is there on every machine. */
export function nodeCodec(codec: Codec): ChunkCodec {
  switch (codec) {
    case 'gzip':
      return {
        maker: MAKER,
        // One output buffer that surely suffices: smaller pieces would be copied together.
        encode: (raw, into) => gzipSync(raw, { level: 1, chunkSize: codedRoom(raw.length) }).copy(into),
        decode: (coded, into) => gunzipSync(coded, outputOf(into.length)).copy(into),
      };
    case 'zstd':
      return {
        maker: MAKER,
        encode: (raw, into) => zstdCompressSync(raw, zstdOptions(raw.length)).copy(into),
        decode: (coded, into) => zstdDecompressSync(coded, outputOf(into.length)).copy(into),
      };
  }
}

function zstdOptions(rawLength: number) {
  return {
    chunkSize: codedRoom(rawLength),
    pledgedSrcSize: rawLength,
    params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  };
}

/** More than fits is an error, not a cut. */
function outputOf(length: number): { chunkSize: number; maxOutputLength: number } {
  return { chunkSize: Math.max(length + 1, 64), maxOutputLength: Math.max(length, 1) };
}
