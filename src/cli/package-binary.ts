import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * The script behind a command like `next`, from the manifest of the package of that name, or undefined if there is
 * none. Not every installer writes `node_modules/.bin`.
 *
 * @param folder where the search begins; it goes on in the folders above
 */
export function packageBinary(command: string, folder: string): string | undefined {
  if (!/^[\w.-]+$/.test(command)) return undefined;
  for (const modules of createRequire(join(folder, 'noop.js')).resolve.paths(command) ?? []) {
    const script = binaryIn(join(modules, command), command);
    if (script !== undefined) return script;
  }
  return undefined;
}

function binaryIn(folder: string, command: string): string | undefined {
  try {
    const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const script: unknown = typeof bin === 'string' ? bin : bin?.[command];
    return typeof script === 'string' ? join(folder, script) : undefined;
  } catch {
    return undefined;
  }
}
