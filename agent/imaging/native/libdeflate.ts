import type { ChunkDecoder, ChunkEncoder } from '../chunk-codec.ts';
import { loadLibrary, madeBy } from './foreign.ts';

const LIBRARY = 'libdeflate.so.0';
const MAKER = 'libdeflate';
const LEVEL = 1;
const SIZE_BYTES = 8;

/** @throws when the library isn't there */
export function libdeflateEncoder(): ChunkEncoder {
  const library = loadLibrary(LIBRARY);
  const compress = library.func('size_t libdeflate_gzip_compress(void *, void *, size_t, void *, size_t)');
  const make = 'libdeflate_alloc_compressor';
  const context = madeBy(make, library.func(`void *${make}(int)`)(LEVEL));
  return {
    maker: MAKER,
    encode(raw, into) {
      const length = Number(compress(context, raw, raw.length, into, into.length));
      if (length === 0) throw new Error("libdeflate can't code the chunk");
      return length;
    },
  };
}

/** Of what is inside of gzip members. @throws when the library isn't there */
export function libdeflateDecoder(): ChunkDecoder {
  const library = loadLibrary(LIBRARY);
  const decompress = library.func(
    'int libdeflate_deflate_decompress(void *, void *, size_t, void *, size_t, void *)',
  );
  const make = 'libdeflate_alloc_decompressor';
  const context = madeBy(make, library.func(`void *${make}(void)`)());
  const actual = Buffer.alloc(SIZE_BYTES);
  return {
    maker: MAKER,
    decode(deflated, into) {
      const status = decompress(context, deflated, deflated.length, into, into.length, actual);
      if (status !== 0) throw new Error(`libdeflate can't decode the chunk (${String(status)})`);
      return Number(actual.readBigUInt64LE(0));
    },
  };
}
