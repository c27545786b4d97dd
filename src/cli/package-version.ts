import { readFileSync } from 'node:fs';

/** This package's version. The command line lies one folder deep when published and two in the sources. */
export function packageVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      if (name === 'next-profiling') return version;
    } catch {
      // Not there; try the next.
    }
  }
  return 'unknown';
}
