import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const AGENT = fileURLToPath(new URL('.', import.meta.url));
const TARGET = fileURLToPath(new URL('../dist/agent/', import.meta.url));
const PLACEHOLDER = '@@agent-version@@';

/** zod's messages in fifty languages are a third of the bundle, and loaded at each start. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/** Bundles the agent for the nfsroot: `main.cjs`, `worker.cjs` and a file `version`. */
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
    plugins: [englishOnly],
    legalComments: 'none',
    logLevel: 'warning',
  });
  const hash = createHash('sha256');
  for (const file of outputFiles) hash.update(file.contents);
  const version = `${await packageVersion()}+${hash.digest('hex').slice(0, 12)}`;
  await mkdir(target, { recursive: true });
  for (const file of outputFiles) {
    await writeFile(join(target, basename(file.path)), file.text.replaceAll(PLACEHOLDER, version));
  }
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
