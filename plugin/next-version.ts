import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** `compiler.runAfterProductionCompile` appeared in this release; older ones warn about the unknown key. */
const COMPILE_HOOK: Version = [15, 4, 1];
/** Turbopack's rules can tell a server's files from a browser's since this release. */
const RULE_CONDITIONS: Version = [16, 0, 0];

type Version = readonly [major: number, minor: number, patch: number];

/** The version of Next that the project in `folder` uses, or undefined where it cannot be found. */
export function installedNextVersion(folder: string): string | undefined {
  try {
    const manifest = createRequire(join(folder, 'noop.js')).resolve('next/package.json');
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

export const hasCompileHook = (version: string | undefined): boolean => isSince(COMPILE_HOOK, version);

export const hasRuleConditions = (version: string | undefined): boolean => isSince(RULE_CONDITIONS, version);

/** An unknown version counts as a current one. */
function isSince(since: Version, version: string | undefined): boolean {
  const numbers = version
    ?.match(/^(\d+)\.(\d+)\.(\d+)/)
    ?.slice(1)
    .map(Number);
  if (!numbers) return true;
  for (const [index, needed] of since.entries()) {
    const found = numbers[index] ?? 0;
    if (found !== needed) return found > needed;
  }
  return true;
}

/** Next sets the variable before it loads the config: `auto` or `1` for Turbopack, absent for webpack. */
export function usesTurbopack(): boolean {
  return Boolean(process.env.TURBOPACK);
}
