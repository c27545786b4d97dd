import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE_NOT_FOUND } from '../errors.ts';
import type { Build } from './find-build.ts';

/** What a build's output holds of ours. */
export interface Output {
  readonly bundler: 'Turbopack' | 'webpack' | null;
  /** The folder that `withProfiling` fills. */
  readonly folder: string;
  readonly engine: { readonly file: string; readonly bytes: number } | null;
  readonly binaries: readonly { readonly target: string; readonly file: string; readonly bytes: number }[];
  readonly instrumentation: boolean;
  /** Whether server code holds the door, `nodeProfilingIntegration()`. */
  readonly door: boolean;
}

export function readOutput({ distDir }: Build): Output {
  const server = join(distDir, 'server');
  const folder = join(distDir, 'next-profiling');
  const scripts = filesIn(server, true).filter((name) => name.endsWith('.js'));
  return {
    bundler: bundlerOf(scripts),
    folder,
    engine: sized(join(folder, 'engine.cjs')),
    binaries: filesIn(folder).flatMap((name) => {
      const target = /^next-profiling-(.+)\.node$/.exec(name)?.[1];
      const file = sized(join(folder, name));
      return target !== undefined && file !== null ? [{ target, ...file }] : [];
    }),
    instrumentation: existsSync(join(server, 'instrumentation.js')),
    door: scripts.some((name) => readFileSync(join(server, name), 'latin1').includes(ENGINE_NOT_FOUND)),
  };
}

/** Each bundler brings a run time of its own. */
function bundlerOf(scripts: readonly string[]): Output['bundler'] {
  if (scripts.some((name) => name.endsWith('[turbopack]_runtime.js'))) return 'Turbopack';
  return scripts.includes('webpack-runtime.js') ? 'webpack' : null;
}

function filesIn(folder: string, recursive = false): string[] {
  try {
    return readdirSync(folder, { recursive, encoding: 'utf8' });
  } catch {
    return [];
  }
}

function sized(file: string): { file: string; bytes: number } | null {
  try {
    return { file, bytes: statSync(file).size };
  } catch {
    return null;
  }
}
