import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../.cache/e2e-results',
  // Builds and servers would be in each other's profiles, and the machine may be small.
  workers: 1,
  fullyParallel: false,
  // A first run installs Next and builds with webpack; the polls inside have limits of their own.
  timeout: 600_000,
  reporter: 'list',
});
