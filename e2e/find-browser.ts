import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

/** Where Debian, Ubuntu, Fedora and macOS put them. */
const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The system's Chromium, or the one that `npx playwright install chromium` brings; `undefined`: there is none. */
export function findBrowser(): string | undefined {
  return [...KNOWN, chromium.executablePath()].find((path) => existsSync(path));
}

// `test/setup.sh` asks whether there is one.
if (import.meta.main) {
  const found = findBrowser();
  console.log(found ?? 'no Chromium');
  process.exitCode = found === undefined ? 1 : 0;
}
