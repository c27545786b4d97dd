import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/node-versions.setup.ts'],
    // Profiles of this machine's CPU are what is tested: two files at once would be in each other's profiles.
    fileParallelism: false,
    // Other processes on the same cores make a measurement wrong now and then: CI looks twice, and says so.
    retry: Number(process.env.NEXT_PROFILING_RETRIES ?? 0),
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
