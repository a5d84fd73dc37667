import { readFile } from 'node:fs/promises';
import type { BuildOptions, Plugin } from 'esbuild';

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

/** How the agent is bundled, and what is timed as if it were the agent. */
export const BUNDLE_OPTIONS = {
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // CommonJS has no import.meta; the sources use it to find the worker beside them.
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'bundleUrl' },
  // Names stay, for what a stack says of a failure; what is gone is read by nobody at a start.
  minifyWhitespace: true,
  minifySyntax: true,
  plugins: [onlyWhatIsUsed],
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;
