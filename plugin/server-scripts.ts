import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import type { CompiledBuild } from './compiled-build.ts';
import { usesTurbopack } from './next-version.ts';

/** The end of a map that only we asked webpack for: no other tool takes it for its own. */
export const OUR_MAP = '.next-profiling.map';
/** What the map of a script may be called: ours first. */
export const MAP_ENDS: readonly string[] = [OUR_MAP, '.map'];
/** The end of a file that says how far a script has moved since its map was made: a `TextOffset`, or `null`. */
export const OUR_OFFSET = '.next-profiling.offset';

/** A script that the server runs, and its source map. Both are absolute paths. */
export interface ServerScript {
  /** Relative to the output, with forward slashes; of a package, as it is imported. */
  name: string;
  script: string;
  map: string;
  /** If there is one. */
  offset?: string;
}

/** The scripts with source maps: those of the output, and Next's own, which come minified in its package. */
export async function serverScripts({ projectDir, distDir }: CompiledBuild): Promise<ServerScript[]> {
  const found: ServerScript[] = [];
  const server = join(distDir, 'server');
  for (const path of await readdir(server, { recursive: true }).catch(() => [])) {
    const script = join(server, path);
    if (!path.endsWith('.js')) continue;
    const map = MAP_ENDS.map((end) => `${script}${end}`).find(existsSync);
    const offset = `${script}${OUR_OFFSET}`;
    if (map)
      found.push({
        name: relative(distDir, script).split(sep).join('/'),
        script,
        map,
        ...(existsSync(offset) && { offset }),
      });
  }
  return [...found, ...(await nextScripts(projectDir))];
}

const RUNTIMES = 'next/dist/compiled/next-server';

async function nextScripts(projectDir: string): Promise<ServerScript[]> {
  const folder = nextRuntimes(projectDir);
  const names = folder ? await readdir(folder).catch(() => []) : [];
  // React's experimental channel is behind flags that few set, and as large again.
  const used = names.filter(
    (name) =>
      name.endsWith('.runtime.prod.js') &&
      name.includes('-turbo') === usesTurbopack() &&
      !name.includes('-experimental') &&
      names.includes(`${name}.map`),
  );
  return used.map((name) => {
    const script = join(folder ?? '', name);
    return { name: `${RUNTIMES}/${name}`, script, map: `${script}.map` };
  });
}

function nextRuntimes(projectDir: string): string | undefined {
  try {
    const manifest = createRequire(join(projectDir, 'noop.js')).resolve('next/package.json');
    return join(dirname(manifest), 'dist', 'compiled', 'next-server');
  } catch {
    return undefined;
  }
}
