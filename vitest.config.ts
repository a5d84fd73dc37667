import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Walks through every crash and power cut take minutes: `npm run test:faults`. So do machines that
    // boot by PXE, and they need root: `npm run test:pxe`.
    exclude: ['test/faults/**', 'test/e2e/**'],
    globalSetup: ['test/setup/temporary-directory.ts'],
    pool: 'forks',
    // Much of the time goes into waiting for processes and sockets: no core is left idle.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    // Ends what hangs; a busy machine may take many times what a test needs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // Of a failure in CI often only the message is kept: it says what was found.
    chaiConfig: { truncateThreshold: 1000 },
  },
});
