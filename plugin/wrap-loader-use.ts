import { join } from 'node:path';
import type { NextConfig } from 'next';
import { PACKAGE } from './package-folder.ts';

/** By absolute path, so that no bundler has to resolve it, whatever the layout of `node_modules`. */
const LOADER = join(PACKAGE, 'dist', 'wrap-loader.cjs');

/** The wrapping loader, for either bundler. Its options are plain JSON: Turbopack takes nothing else. */
export function wrapLoader({ pageExtensions }: NextConfig): { loader: string; options: { pageExtensions?: string[] } } {
  return { loader: LOADER, options: pageExtensions ? { pageExtensions } : {} };
}
