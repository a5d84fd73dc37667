// Free of zod, so that the agent's worker threads start fast and stay small.
import { hash } from 'node:crypto';
import { blake3 } from '@noble/hashes/blake3.js';

/** How an image's chunks are hashed; its index names it. */
export const CHUNK_HASHES = ['blake3', 'sha256'] as const;
export type ChunkHash = (typeof CHUNK_HASHES)[number];

/** Gives 32 bytes. */
export type HashBytes = (bytes: Buffer) => Buffer;

/**
 * @param native BLAKE3 in machine code; without it JavaScript's is taken, at a hundredth of its speed,
 *   so that every image can be read everywhere
 */
export function hashBytes(name: ChunkHash, native: HashBytes | null): HashBytes {
  if (name === 'sha256') return (bytes) => hash('sha256', bytes, 'buffer');
  return native ?? ((bytes) => Buffer.from(blake3(bytes)));
}
