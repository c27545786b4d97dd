import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readJson } from './find-build.ts';

/** What is installed for an app. `null`: not found from its folder, as in a standalone output. */
export interface Installed {
  readonly next: string | null;
  readonly 'next-profiling': string | null;
  /** Name and version of the Sentry SDK. */
  readonly sentry: string | null;
  readonly packageManager: string | null;
}

const SDK_NAMES = ['@sentry/nextjs', '@sentry/node', '@sentry/aws-serverless'];

/** By the file that each keeps. */
const LOCK_FILES: Readonly<Record<string, string>> = {
  'package-lock.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'Yarn',
  'bun.lock': 'Bun',
  'bun.lockb': 'Bun',
};

/** A standalone output brings Next and nothing else that tells a version; what lies above it is not the app's. */
export function readInstalled(folder: string, isProject: boolean): Installed {
  const next = versionOf(folder, 'next');
  if (!isProject) return { next, 'next-profiling': null, sentry: null, packageManager: null };
  const [sentry] = SDK_NAMES.flatMap((name) => {
    const version = versionOf(folder, name);
    return version === null ? [] : [`${name} ${version}`];
  });
  return {
    next,
    'next-profiling': versionOf(folder, 'next-profiling'),
    sentry: sentry ?? null,
    packageManager: packageManagerOf(folder),
  };
}

function versionOf(folder: string, name: string): string | null {
  try {
    return readJson(createRequire(join(folder, 'noop.js')).resolve(`${name}/package.json`))?.version ?? null;
  } catch {
    return null;
  }
}

/** Of the nearest lock file, with a layout of `node_modules` that is not npm's. */
function packageManagerOf(folder: string): string | null {
  const name = Object.entries(LOCK_FILES).find(([file]) => existsSync(join(folder, file)))?.[1];
  if (name === undefined) return dirname(folder) === folder ? null : packageManagerOf(dirname(folder));
  if (existsSync(join(folder, '.pnp.cjs'))) return `${name}, Plug'n'Play`;
  return existsSync(join(folder, 'node_modules', '.pnpm')) ? `${name}, isolated node_modules` : name;
}
