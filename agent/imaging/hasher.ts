import { type ChunkHash, type HashBytes, hashBytes } from '../../src/contract/chunk-hash.ts';
import { nativeBlake3 } from './native/blake3.ts';

/** As an image's index names it. */
export function hasherOf(name: ChunkHash, native = nativeBlake3()): HashBytes {
  return hashBytes(name, native);
}

/** On this machine: what new images are hashed by. */
export function fastestHash(native = nativeBlake3()): ChunkHash {
  return native === null ? 'sha256' : 'blake3';
}
