import type { ChunkDecoder } from '../chunk-codec.ts';
import { nodeCodec } from '../node-codec.ts';

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
/** Magic number, deflate, and no flags: no name and no extra field follows. */
const PLAIN_HEADER = 0x1f8b0800;

/**
 * Decodes gzip members by what unpacks the deflated bytes in them. The check sum stays unread:
 * the hash of the raw bytes proves more.
 */
export function memberDecoder(inner: ChunkDecoder): ChunkDecoder {
  const others = nodeCodec('gzip');
  return {
    maker: inner.maker,
    decode(coded, into) {
      const isPlain = coded.length > HEADER_BYTES + TRAILER_BYTES && coded.readUInt32BE(0) === PLAIN_HEADER;
      if (!isPlain) return others.decode(coded, into);
      const length = inner.decode(coded.subarray(HEADER_BYTES, -TRAILER_BYTES), into);
      const stated = coded.readUInt32LE(coded.length - 4);
      if (length === stated) return length;
      throw new Error(`the member holds ${length} bytes and says ${stated}`);
    },
  };
}
