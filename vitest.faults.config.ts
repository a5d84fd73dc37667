import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/faults/**/*.test.ts'],
    globalSetup: ['test/setup/temporary-directory.ts'],
    pool: 'forks',
    testTimeout: 15 * 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
    chaiConfig: { truncateThreshold: 1000 },
  },
});
