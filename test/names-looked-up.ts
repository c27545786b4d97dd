import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../native/target.ts';

const NATIVE = join(import.meta.dirname, '..', 'native');

/** The functions of V8 that the addon looks up by name on this version of Node: those of the context need 22. */
export function namesLookedUp(target: Target, version: string): string[] {
  const source = target.startsWith('win32') ? 'windows.cc' : 'v8-symbols.cc';
  const [, profiler = '', context = ''] = readFileSync(join(NATIVE, source), 'utf8').split(
    /^Result<V8\w*Symbols> V8\w*::Load\(\) \{$/m,
  );
  return [...namesIn(profiler), ...(Number.parseInt(version, 10) < 22 ? [] : namesIn(context))];
}

/** String literals side by side are one. */
function namesIn(source: string): string[] {
  const literals = source.replaceAll(/"\s*"/g, '').matchAll(/"((?:_Z|\?)[^"\s]+)"/g);
  return [...literals].map(([, name]) => name ?? '');
}
