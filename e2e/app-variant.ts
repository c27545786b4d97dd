import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './package-tarball.ts';

export type Bundler = 'turbopack' | 'webpack';
/** 15.3 stands for the releases that have no hook after compilation yet. */
export type NextLine = 15.3 | 15 | 16;

/** One way to build the example app. */
export interface AppVariant {
  /** Unique; names the folder that the result is kept in. */
  name: string;
  bundler: Bundler;
  next: NextLine;
  /** Files that replace or join the example's, by path. */
  files?: Record<string, string>;
  /** Of the example's files and folders, those that are left out. */
  without?: readonly string[];
  /** The `type` of the manifest. Default: none, which is CommonJS. */
  type?: 'module';
  /** As in the variant's config. Default: `.next`. */
  distDir?: string;
  /** As in the variant's config. Default: none. */
  basePath?: string;
  /** Whether `next build` is started in another folder than the app's. */
  builtFromElsewhere?: boolean;
  /** Whether the app is two levels deep in a workspace of pnpm's, whose linker is isolated and which runs no scripts. */
  inWorkspace?: boolean;
}

export const distDirOf = ({ distDir = '.next' }: AppVariant): string => distDir;

/** Wrappers of configs beside ours, and what they need. Here for all apps, so that none needs an install of its own. */
const WRAPPERS = {
  '@mdx-js/loader': '^3.1.1',
  '@mdx-js/react': '^3.1.1',
  '@next/bundle-analyzer': '16.4.3',
  '@next/mdx': '16.4.6',
  'next-intl': '4.14.8',
  'use-intl': '4.14.8',
};

/** For `npm run bench`, in the same folder for the same reason. */
const RIVAL = { '@sentry/profiling-node': '11.1.0' };

/** Version ranges per line of releases, as a user of it has them. */
const DEPENDENCIES: Record<NextLine, Record<string, string>> = {
  16: { next: '16.4.6', '@sentry/nextjs': '11.1.0', ...WRAPPERS, ...RIVAL },
  15: { next: '^15.5.29', '@sentry/nextjs': '10.75.3' },
  15.3: { next: '~15.3.9', '@sentry/nextjs': '10.75.3' },
};

const EXAMPLE = join(ROOT, 'example-app');

/** What only a local build leaves behind, and what is for the checkout only. */
const NOT_SOURCE = /^(node_modules|\.next|next-env\.d\.ts|package-lock\.json|\.npmrc)(\/|$)/;

/** The app's source files by path, with the package taken from `tarball`. */
export async function sourcesOf(variant: AppVariant, tarball: string): Promise<Record<string, string>> {
  const sources: Record<string, string> = {};
  for (const entry of await readdir(EXAMPLE, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(EXAMPLE.length + 1);
    if (entry.isFile() && !NOT_SOURCE.test(path)) sources[path] = await readFile(join(EXAMPLE, path), 'utf8');
  }
  const manifest = JSON.parse(sources['package.json'] ?? '{}');
  Object.assign(manifest.dependencies, DEPENDENCIES[variant.next], { 'next-profiling': `file:${tarball}` });
  sources['package.json'] = JSON.stringify({ ...manifest, type: variant.type }, null, 2);
  const left = Object.entries(sources).filter(([path]) => !variant.without?.some((out) => isIn(path, out)));
  return { ...Object.fromEntries(left), ...variant.files };
}

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Equal for two builds that must have the same result. */
export function contentKey({ name: _, files: __, ...how }: AppVariant, sources: Record<string, string>): string {
  const sorted = Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([how, process.version, sorted]))
    .digest('hex');
}
