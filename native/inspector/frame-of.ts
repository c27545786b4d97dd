import { fileURLToPath } from 'node:url';
import type { Frame } from '../../src/profile/types.ts';

const BUNDLERS_OWN = [
  '/next-profiling/engine.cjs',
  '[turbopack]_runtime.js',
  '/webpack-runtime.js',
  '/webpack-api-runtime.js',
];

/** The frame that the addon's `frame-table.cc` would write. Line and column count from 1; 0 where there is none. */
export function frameOf(name: string, url: string, line: number, column: number, root: string): Frame {
  const path = pathOf(url);
  const filename = shortName(path, root);
  const module = moduleName(filename);
  return {
    function: name || '<anonymous>',
    ...(path !== '' && { ...(module !== '' && { module }), filename, abs_path: path }),
    ...(line > 0 && column > 0 && { lineno: line, colno: column }),
    in_app: isInApp(slashed(path)),
  };
}

/** A script's file. The inspector has URLs also where V8 has paths. */
export function pathOf(url: string): string {
  if (!url.startsWith('file://')) return url;
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

const slashed = (path: string): string => path.replaceAll('\\', '/');

function isInApp(path: string): boolean {
  if (path === '' || path.startsWith('node:')) return false;
  if (path.includes('node_modules/') || path.includes('/node_modules_')) return false;
  return !BUNDLERS_OWN.some((end) => path.endsWith(end));
}

/** From the last node_modules, else from the application's folder. */
function shortName(path: string, root: string): string {
  const name = slashed(path);
  const packages = name.lastIndexOf('node_modules/');
  if (packages >= 0) return name.slice(packages);
  const folder = `${slashed(root)}/`;
  return folder !== '/' && name.startsWith(folder) ? name.slice(folder.length) : name;
}

/** Sentry's module of a Node frame: folders joined by dots, then a colon and the file without its ending. */
function moduleName(filename: string): string {
  const parts = filename
    .replace(/^node_modules\//, '')
    .replace(/\.(js|cjs|mjs|ts)$/, '')
    .split('/');
  const file = parts.pop() ?? '';
  return [...(parts.length > 0 ? [parts.join('.')] : []), file].join(':').replace(/^[.:]+/, '');
}
