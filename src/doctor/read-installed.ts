import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileFor } from './file-for.ts';
import { readJson } from './find-build.ts';

/** What is installed for an app. `null`: not found from its folder, as in a standalone output. */
export interface Installed {
  readonly next: string | null;
  readonly 'next-profiling': string | null;
  /** Name and version of the Sentry SDK. */
  readonly sentry: string | null;
  readonly packageManager: string | null;
  /** By package of the Sentry SDK that registers with it, the version of OpenTelemetry's API that this package finds. */
  readonly openTelemetryApi: Readonly<Record<string, string>>;
}

const SDK_NAMES = ['@sentry/nextjs', '@sentry/node', '@sentry/aws-serverless'];

/** Registers what keeps the active span; @sentry/node what makes spans. */
const REGISTERING = ['@sentry/node', '@sentry/opentelemetry'];
const API = '@opentelemetry/api';

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
  if (!isProject) return { next, 'next-profiling': null, sentry: null, packageManager: null, openTelemetryApi: {} };
  const sdk = SDK_NAMES.find((name) => manifestOf(folder, name) !== null);
  return {
    next,
    'next-profiling': versionOf(folder, 'next-profiling'),
    sentry: sdk === undefined ? null : `${sdk} ${versionOf(folder, sdk)}`,
    packageManager: packageManagerOf(folder),
    openTelemetryApi: sdk === undefined ? {} : apiVersions(manifestOf(folder, sdk)),
  };
}

function apiVersions(sdk: string | null): Record<string, string> {
  const found = REGISTERING.flatMap((name) => {
    const manifest = sdk && fileFor(sdk, `${name}/package.json`);
    const api = manifest && fileFor(manifest, API);
    const version = api && versionAbove(api, API);
    return version ? [[name, version]] : [];
  });
  return Object.fromEntries(found);
}

function versionOf(folder: string, name: string): string | null {
  const manifest = manifestOf(folder, name);
  return manifest && (readJson(manifest)?.version ?? null);
}

const manifestOf = (folder: string, name: string): string | null =>
  fileFor(join(folder, 'noop.js'), `${name}/package.json`);

/** The version of a package that does not export its manifest, by a file of it. */
function versionAbove(file: string, name: string): string | null {
  const folder = dirname(file);
  if (folder === file) return null;
  const manifest = readJson(join(folder, 'package.json'));
  return manifest?.name === name ? manifest.version : versionAbove(folder, name);
}

/** Of the nearest lock file, with a layout of `node_modules` that is not npm's. */
function packageManagerOf(folder: string): string | null {
  const name = Object.entries(LOCK_FILES).find(([file]) => existsSync(join(folder, file)))?.[1];
  if (name === undefined) return dirname(folder) === folder ? null : packageManagerOf(dirname(folder));
  if (existsSync(join(folder, '.pnp.cjs'))) return `${name}, Plug'n'Play`;
  return existsSync(join(folder, 'node_modules', '.pnpm')) ? `${name}, isolated node_modules` : name;
}
