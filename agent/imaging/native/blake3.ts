import { createRequire } from 'node:module';
import type { HashBytes } from '../../../src/contract/chunk-hash.ts';

const require = createRequire(import.meta.url);
/** In the nfsroot's bundle it lies beside the worker; elsewhere it is a package. */
const PLACES = ['./blake3.node', '@napi-rs/blake-hash'];

let known: HashBytes | null | undefined;

/** BLAKE3 in this processor's widest instructions; null where there is none for this system. */
export function nativeBlake3(): HashBytes | null {
  if (known === undefined) known = load();
  return known;
}

function load(): HashBytes | null {
  for (const place of PLACES) {
    try {
      const found: unknown = require(place);
      if (isBlake(found)) return (bytes) => found.blake3(bytes);
    } catch {
      // Not there, or for another system: the next.
    }
  }
  return null;
}

function isBlake(found: unknown): found is { blake3: HashBytes } {
  return typeof found === 'object' && found !== null && 'blake3' in found;
}
