import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the built pages are: beside the published command line, in `dist` for one that runs from the sources. */
export function pagesFolder(): string | undefined {
  return ['.', '../../dist']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((folder) => existsSync(join(folder, 'speedscope', 'index.html')));
}
