import { existsSync } from 'node:fs';

/** Where Debian, Ubuntu, Fedora and macOS put them. */
const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A Chromium of the system's, or `undefined`: then it is the one that `npx playwright install chromium` brings. */
export function systemChromium(): string | undefined {
  return KNOWN.find((path) => existsSync(path));
}
