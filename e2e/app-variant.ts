import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './package-tarball.ts';

export type Bundler = 'turbopack' | 'webpack';
export type NextMajor = 15 | 16;

/** One way to build the example app. */
export interface AppVariant {
  /** Unique; names the folder that the result is kept in. */
  name: string;
  bundler: Bundler;
  next: NextMajor;
  /** Files that replace or join the example's, by path. */
  files?: Record<string, string>;
}

/** Version ranges per Next major, as a user of that major has them. */
const DEPENDENCIES: Record<NextMajor, Record<string, string>> = {
  16: { next: '16.4.6', '@sentry/nextjs': '11.1.0' },
  15: { next: '^15.5.29', '@sentry/nextjs': '10.75.3' },
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
  sources['package.json'] = JSON.stringify(manifest, null, 2);
  return { ...sources, ...variant.files };
}

/** Equal for two builds that must have the same result. */
export function contentKey(variant: AppVariant, sources: Record<string, string>): string {
  const sorted = Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([variant.bundler, variant.next, process.version, sorted]))
    .digest('hex');
}
