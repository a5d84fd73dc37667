import { CHUNK_HASHES, type ChunkHash, type HashBytes, hashBytes } from '../../src/contract/chunk-hash.ts';
import { nativeBlake3 } from './native/blake3.ts';

/** As an image's index names it. */
export function hasherOf(name: ChunkHash, native = nativeBlake3()): HashBytes {
  return hashBytes(name, native);
}

/** What a new image is hashed with on this machine. */
export function hashOfNewImages(native = nativeBlake3()): ChunkHash {
  const [first] = CHUNK_HASHES;
  return native === null ? 'sha256' : first;
}
