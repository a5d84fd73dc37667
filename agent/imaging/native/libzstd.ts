import type { ChunkDecoder, ChunkEncoder } from '../chunk-codec.ts';
import { ZSTD_PARAMETERS } from '../node-codec.ts';
import { loadLibrary, madeBy } from './foreign.ts';

const SIZES = 'void *, size_t, void *, size_t';
/** Of decompression: leaves check sums unread, since the hash of the raw bytes proves more. */
const FORCE_IGNORE_CHECKSUM = 1002;

/**
 * zstd with contexts that are kept: Node makes and frees them for each call.
 *
 * @param name of the library; null takes the one in Node, which is always there
 * @throws when it can't be called
 */
export function libzstdCodec(name: 'libzstd.so.1' | null): ChunkEncoder & ChunkDecoder {
  const library = loadLibrary(name);
  const version = Number(library.func('uint32_t ZSTD_versionNumber(void)')());
  const isError = library.func('uint32_t ZSTD_isError(size_t)');
  const compress = library.func(`size_t ZSTD_compress2(void *, ${SIZES})`);
  const decompress = library.func(`size_t ZSTD_decompressDCtx(void *, ${SIZES})`);
  const set = library.func('size_t ZSTD_CCtx_setParameter(void *, int, int)');
  const compressor = madeBy('ZSTD_createCCtx', library.func('void *ZSTD_createCCtx(void)')());
  const decompressor = madeBy('ZSTD_createDCtx', library.func('void *ZSTD_createDCtx(void)')());
  // Not a promise of the library's: one that doesn't know it reads the check sums.
  library.func('size_t ZSTD_DCtx_setParameter(void *, int, int)')(decompressor, FORCE_IGNORE_CHECKSUM, 1);
  for (const [parameter, value] of Object.entries(ZSTD_PARAMETERS)) {
    sizeFrom(set(compressor, Number(parameter), value), 'takes no such parameter');
  }
  return {
    maker: `${name === null ? "Node's libzstd" : 'libzstd'} ${Math.floor(version / 10_000)}.${Math.floor(version / 100) % 100}.${version % 100}`,
    encode: (raw, into) =>
      sizeFrom(compress(compressor, into, into.length, raw, raw.length), "can't code the chunk"),
    decode: (coded, into) => {
      // Nothing is a whole file of no frames to it.
      if (coded.length === 0) throw new Error('an empty chunk is no frame');
      return sizeFrom(
        decompress(decompressor, into, into.length, coded, coded.length),
        "can't decode the chunk",
      );
    },
  };

  function sizeFrom(result: unknown, complaint: string): number {
    if (typeof result !== 'number' && typeof result !== 'bigint') throw new Error(`libzstd ${complaint}`);
    if (isError(result) !== 0) throw new Error(`libzstd ${complaint}`);
    return Number(result);
  }
}
