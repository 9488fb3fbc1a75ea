import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{core,server,client,contract}/**/*.test.ts'],
    testTimeout: 20_000,
    reporters: ['default'],
  },
});
