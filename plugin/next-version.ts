import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** `compiler.runAfterProductionCompile` appeared in this release; older ones warn about the unknown key. */
const COMPILE_HOOK: Version = [15, 4, 1];
/** Turbopack's rules can tell a server's files from a browser's since this release. */
const RULE_CONDITIONS: Version = [16, 0, 0];

type Version = readonly [major: number, minor: number, patch: number];

/** The part of Next that reads configs, in whatever folder Next is installed. */
const CONFIG_READER = /[\\/]next[\\/]dist[\\/]server[\\/]config\.js$/;

/**
 * The version of the Next that reads this config, or undefined where something else does. Found among the modules that
 * are loaded: the project may be in another folder than the process, and the process's folder may hold another Next.
 */
export function runningNextVersion(): string | undefined {
  const { cache } = createRequire(import.meta.url);
  const reader = Object.keys(cache).find((file) => CONFIG_READER.test(file));
  if (reader === undefined) return undefined;
  try {
    const manifest = createRequire(reader).resolve('../../package.json');
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
