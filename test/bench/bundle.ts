import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../agent/bundle-options.ts';
import { nativeModules } from '../../agent/native-modules.ts';

/**
 * Bundles the imaging program and its worker as the agent is bundled for the nfsroot: what is
 * timed starts as fast as what runs there. Gives the program's path.
 */
export async function bundleImaging(folder: string): Promise<string> {
  const agent = join(import.meta.dirname, '../../agent');
  await build({
    entryPoints: {
      imaging: join(import.meta.dirname, 'imaging.ts'),
      worker: join(agent, 'imaging/worker.ts'),
    },
    ...BUNDLE_OPTIONS,
    outdir: folder,
  });
  for (const [name, path] of nativeModules()) await copyFile(path, join(folder, name));
  return join(folder, 'imaging.cjs');
}
