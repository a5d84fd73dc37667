import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from './bundle-options.ts';
import { nativeModules } from './native-modules.ts';

const AGENT = fileURLToPath(new URL('.', import.meta.url));
const TARGET = fileURLToPath(new URL('../dist/agent/', import.meta.url));
const PLACEHOLDER = '@@agent-version@@';

/**
 * Bundles the agent for the nfsroot: `main.cjs`, `worker.cjs`, a file `version`, and the
 * native modules that there are.
 */
async function buildAgent(target: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: { main: join(AGENT, 'main.ts'), worker: join(AGENT, 'imaging/worker.ts') },
    ...BUNDLE_OPTIONS,
    outdir: target,
    write: false,
    define: { ...BUNDLE_OPTIONS.define, AGENT_VERSION: JSON.stringify(PLACEHOLDER) },
  });
  const native = await Promise.all(
    [...nativeModules()].map(async ([name, path]) => ({ name, contents: await readFile(path) })),
  );
  const hash = createHash('sha256');
  for (const { contents } of [...outputFiles, ...native]) hash.update(contents);
  const version = `${await packageVersion()}+${hash.digest('hex').slice(0, 12)}`;
  await mkdir(target, { recursive: true });
  // One that the last bundle had and this one hasn't would be loaded.
  for (const old of await readdir(target)) if (old.endsWith('.node')) await rm(join(target, old));
  for (const file of outputFiles) {
    await writeFile(join(target, basename(file.path)), file.text.replaceAll(PLACEHOLDER, version));
  }
  for (const { name, contents } of native) await writeFile(join(target, name), contents);
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
