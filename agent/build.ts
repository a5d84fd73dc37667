import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from './bundle-options.ts';
import { KOFFI_FILE, koffiModule } from './koffi-module.ts';

const AGENT = fileURLToPath(new URL('.', import.meta.url));
const TARGET = fileURLToPath(new URL('../dist/agent/', import.meta.url));
const PLACEHOLDER = '@@agent-version@@';

/**
 * Bundles the agent for the nfsroot: `main.cjs`, `worker.cjs`, a file `version`, and what the
 * worker calls C libraries with, where that is there.
 */
async function buildAgent(target: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: { main: join(AGENT, 'main.ts'), worker: join(AGENT, 'imaging/worker.ts') },
    ...BUNDLE_OPTIONS,
    outdir: target,
    write: false,
    define: { ...BUNDLE_OPTIONS.define, AGENT_VERSION: JSON.stringify(PLACEHOLDER) },
  });
  const koffi = koffiModule();
  const native = koffi === null ? null : await readFile(koffi);
  const hash = createHash('sha256');
  for (const file of outputFiles) hash.update(file.contents);
  if (native !== null) hash.update(native);
  const version = `${await packageVersion()}+${hash.digest('hex').slice(0, 12)}`;
  await mkdir(target, { recursive: true });
  for (const file of outputFiles) {
    await writeFile(join(target, basename(file.path)), file.text.replaceAll(PLACEHOLDER, version));
  }
  if (native === null) await rm(join(target, KOFFI_FILE), { force: true });
  else await writeFile(join(target, KOFFI_FILE), native);
  await writeFile(join(target, 'version'), `${version}\n`);
}

async function packageVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  const version =
    parsed !== null && typeof parsed === 'object' && 'version' in parsed ? parsed.version : null;
  return typeof version === 'string' ? version : '0.0.0';
}

await buildAgent(process.argv[2] ?? TARGET);
