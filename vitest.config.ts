import { defineConfig } from 'vitest/config';

const rest = 'test/{server,client,contract,cluster}/**/*.test.ts';

export default defineConfig({
  test: {
    environment: 'node',
    // Far above what any test takes: machines are shared, and a slow one is no failure.
    testTimeout: 240_000,
    // Every processor: by itself it leaves one out, which is half of a machine with two.
    maxWorkers: '100%',
    // Nothing in these suites may be skipped or focused by accident on a build machine.
    allowOnly: process.env['CI'] === undefined,
    passWithNoTests: false,
    projects: [
      // Core is pure: nothing one file does can be felt by another, so they share what they import, which is most of their time.
      { extends: true, test: { name: 'core', include: ['test/core/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'around', include: [rest] } },
    ],
  },
});
