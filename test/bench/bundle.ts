import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { KOFFI_FILE, koffiModule } from '../../agent/koffi-module.ts';

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
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'bundleUrl' },
    logLevel: 'warning',
  });
  const native = koffiModule();
  if (native !== null) await copyFile(native, join(folder, KOFFI_FILE));
  return join(folder, 'imaging.cjs');
}
