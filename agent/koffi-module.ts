import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Its name beside the bundle's worker, which looks for it there. */
export const KOFFI_FILE = 'koffi.node';

/**
 * The part of koffi that calls C libraries, for Linux on this processor; null where the package
 * has none, and imaging does without.
 */
export function koffiModule(): string | null {
  const platform = `linux-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const folder = dirname(createRequire(require.resolve('koffi')).resolve(`@koromix/koffi-${platform}`));
    const file = join(folder, platform.replace('-', '_'), KOFFI_FILE);
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}
