import { defineConfig } from 'vitest/config';
import { PATIENCE } from './test/e2e/lab/patience.ts';

/** Machines that really boot by PXE, in QEMU: needs root and some Debian packages, and says which. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/setup/temporary-directory.ts', 'test/e2e/setup/site.ts'],
    pool: 'forks',
    // Each file has a network, a storage server and boxes of its own. An emulated box keeps a core busy.
    maxWorkers: 2,
    // What boxes and people do is told while it happens.
    disableConsoleIntercept: true,
    testTimeout: 10 * 60_000 * PATIENCE,
    hookTimeout: 5 * 60_000 * PATIENCE,
    chaiConfig: { truncateThreshold: 1000 },
  },
});
