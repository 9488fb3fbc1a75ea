import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{core,server,client,contract,cluster}/**/*.test.ts'],
    environment: 'node',
    // Far above what any test takes: machines are shared, and a slow one is no failure.
    testTimeout: 240_000,
    // Nothing in these suites may be skipped or focused by accident on a build machine.
    allowOnly: process.env['CI'] === undefined,
    passWithNoTests: false,
  },
});
