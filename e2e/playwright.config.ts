import { defineConfig } from '@playwright/test';
import { findBrowser } from './find-browser.ts';

const browser = findBrowser();

export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../.cache/e2e-results',
  // Builds and servers would be in each other's profiles, and the machine may be small.
  workers: 1,
  fullyParallel: false,
  // A first run installs Next and builds with webpack; the polls inside have limits of their own.
  timeout: 600_000,
  retries: Number(process.env.NEXT_PROFILING_RETRIES ?? 0),
  // A busy machine shows late what it shows.
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1280, height: 860 },
    // Else one that cannot be clicked on would hold everything up until the test's own limit.
    actionTimeout: 20_000,
    launchOptions: {
      ...(browser !== undefined && { executablePath: browser }),
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--no-first-run',
      ],
    },
  },
});
