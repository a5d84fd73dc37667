import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const PLATFORM = `linux-${process.arch}`;

/** Each by its name beside the bundle's worker, which looks for it there, and where its package has it. */
const MODULES: Readonly<Record<string, () => string>> = {
  /** Calls C libraries. */
  'koffi.node': () => {
    const folder = dirname(createRequire(require.resolve('koffi')).resolve(`@koromix/koffi-${PLATFORM}`));
    return join(folder, PLATFORM.replace('-', '_'), 'koffi.node');
  },
  /** Hashes chunks. The maintenance system is Debian: the C library is glibc. */
  'blake3.node': () =>
    createRequire(require.resolve('@napi-rs/blake-hash')).resolve(`@napi-rs/blake-hash-${PLATFORM}-gnu`),
};

/**
 * What the agent loads besides JavaScript, by the name that it has there: for Linux on this processor, and
 * without those whose package has none for it. Imaging does without, more slowly.
 */
export function nativeModules(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, pathOf] of Object.entries(MODULES)) {
    try {
      const path = pathOf();
      if (existsSync(path)) found.set(name, path);
    } catch {
      // Not for this processor.
    }
  }
  return found;
}
