import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = join(import.meta.dirname, '..', 'native', 'v8-symbols.cc');

/** The functions of V8 that the addon looks up by name on this version of Node: those of the context need 22. */
export function namesLookedUp(version: string): string[] {
  const [, profiler = '', context = ''] = readFileSync(SOURCE, 'utf8').split(
    /^Result<V8\w*Symbols> V8\w*::Load\(\) \{\n {2}V8/m,
  );
  return [...namesIn(profiler), ...(Number.parseInt(version, 10) < 22 ? [] : namesIn(context))];
}

/** String literals side by side are one. */
function namesIn(source: string): string[] {
  const literals = source.replaceAll(/"\s*"/g, '').matchAll(/"(_Z\w+)"/g);
  return [...literals].map(([, name]) => name ?? '');
}
