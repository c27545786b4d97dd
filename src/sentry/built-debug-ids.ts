import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What the plugin writes beside the engine: debug ids by script, relative to the output or in Next's package. */
const FILE = 'debug-ids.json';

/**
 * Debug ids by script, as the build noted them: scripts carry none of their own unless another tool puts one in. Empty
 * where there is no note: in development. Read at once, since the first chunk of a busy start needs them: some kilobytes.
 */
export function readBuiltDebugIds(engineFolder: string): ReadonlyMap<string, string> {
  try {
    const ids = JSON.parse(readFileSync(join(engineFolder, FILE), 'utf8')) as Record<string, string>;
    const output = dirname(engineFolder);
    const next = nextFolder(join(output, 'server'));
    return new Map(Object.entries(ids).map(([name, id]) => [scriptOf(name, output, next), id]));
  } catch {
    return new Map();
  }
}

function scriptOf(name: string, output: string, next: string): string {
  return name.startsWith('next/') ? join(next, name.slice('next/'.length)) : join(output, name);
}

/** As the server's own scripts find it: its place differs between layouts of `node_modules`. */
function nextFolder(from: string): string {
  try {
    return dirname(createRequire(join(from, 'noop.js')).resolve('next/package.json'));
  } catch {
    return join(from, 'next');
  }
}
