import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The built page: beside the published command line, in `dist` for one that runs from the sources. */
export function viewerFolder(): string | undefined {
  return ['./viewer', '../../dist/viewer']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((folder) => existsSync(folder));
}
