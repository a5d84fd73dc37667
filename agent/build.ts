import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { KOFFI_FILE, koffiModule } from './koffi-module.ts';

const AGENT = fileURLToPath(new URL('.', import.meta.url));
const TARGET = fileURLToPath(new URL('../dist/agent/', import.meta.url));
const PLACEHOLDER = '@@agent-version@@';

/**
 * As `z` all of zod is used, its messages in fifty languages included, and a slow machine takes
 * a second more until the hello. As a namespace, what nobody calls stays out.
 */
const onlyWhatIsUsed: Plugin = {
  name: 'only-what-is-used',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](?:agent|contract)[\\/].*\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: (await readFile(path, 'utf8')).replace("import { z } from 'zod'", "import * as z from 'zod'"),
    }));
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export {};' }));
  },
};

/**
 * Bundles the agent for the nfsroot: `main.cjs`, `worker.cjs`, a file `version`, and what the
 * worker calls C libraries with, where that is there.
 */
async function buildAgent(target: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: { main: join(AGENT, 'main.ts'), worker: join(AGENT, 'imaging/worker.ts') },
    outdir: target,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // CommonJS has no import.meta; the sources use it to find the worker beside them.
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'bundleUrl', AGENT_VERSION: JSON.stringify(PLACEHOLDER) },
    // Names stay, for what a stack says of a failure; what is gone is read by nobody at a start.
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [onlyWhatIsUsed],
    legalComments: 'none',
    logLevel: 'warning',
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
