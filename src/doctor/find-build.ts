import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, resolve, sep } from 'node:path';

/** A finished build, as far as it says itself. */
export interface Build {
  /** Where `next build` or the standalone output keeps the app: the folder that holds `distDir`. Absolute. */
  readonly folder: string;
  /** `.next`, or what the config calls it. Absolute. */
  readonly distDir: string;
  readonly output: string | null;
  readonly basePath: string;
  /** From the root of a standalone output to its `server.js`; empty unless the app is nested. */
  readonly relativeAppDir: string;
}

/** In every `distDir` of a production build, standalone outputs included. */
const MANIFEST = 'required-server-files.json';
/** A nested app in a standalone output in a project lies deepest. */
const MAX_DEPTH = 6;

/** The builds in a folder: a project, a `distDir`, a standalone output or a folder above them. */
export function findBuilds(directory: string): Build[] {
  return search(resolve(directory), MAX_DEPTH).flatMap((distDir) => readBuild(distDir) ?? []);
}

/** What a `distDir` says, or undefined if there is no build in it. */
export function readBuild(distDir: string): Build | undefined {
  const manifest = readJson(join(distDir, MANIFEST));
  if (manifest === undefined) return undefined;
  const { config = {}, relativeAppDir = '' } = manifest;
  const end = sep + normalize(String(config.distDir ?? basename(distDir)));
  return {
    folder: distDir.endsWith(end) ? distDir.slice(0, -end.length) || sep : dirname(distDir),
    distDir,
    output: config.output ?? null,
    basePath: config.basePath ?? '',
    relativeAppDir,
  };
}

/** A build is not looked into for others: its own standalone output is the same build. */
function search(folder: string, depth: number): string[] {
  const entries = entriesOf(folder);
  if (entries.some((entry) => entry.name === MANIFEST)) return [folder];
  if (depth === 0) return [];
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git')
    .flatMap((entry) => search(join(folder, entry.name), depth - 1));
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

// biome-ignore lint/suspicious/noExplicitAny: Next's own files; each use looks at what it needs.
export function readJson(file: string): any {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
