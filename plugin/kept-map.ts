import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TextOffset } from './text-offset.ts';

/** A source map as it is kept, and the debug id that finds it. */
export interface KeptMap {
  id: string;
  text: string;
}

/** A source map, as far as we change it. Our own fields begin with `x_`, which the format leaves to everyone. */
interface SourceMap {
  version: 3;
  /** None where there are sections. */
  sources?: (string | null)[];
  sourcesContent?: (string | null)[];
  sourceRoot?: string;
  sections?: { offset: TextOffset; map: SourceMap }[];
  debug_id?: string;
  /** The script that the map is of: tells where a function's head ends. */
  x_next_profiling_code?: string;
  /** By index: sources whose text in the map is what a loader of ours made of them. */
  x_next_profiling_originals?: Record<number, string>;
}

/** What every name begins with that the wrapping loader adds: `plugin/wrap/added-code.ts`. */
const ADDED = '$nextProfiling';

/** Where a map is, and what its sources should be relative to. Both are absolute paths. */
interface Place {
  folder: string;
  projectDir: string;
}

/**
 * Makes a map that can be read anywhere, of a script that has moved by `offset` since. `undefined` if it has no sources.
 * Throws if it is none.
 */
export function keptMap(code: string, mapText: string, place: Place, offset?: TextOffset): KeptMap | undefined {
  const made = JSON.parse(mapText) as SourceMap;
  const parts = made.sections?.map((section) => section.map) ?? [made];
  if (parts.every(({ sources = [] }) => sources.length === 0)) return undefined;
  const id = debugIdIn(code) ?? contentId(code, mapText);
  for (const part of parts) {
    const { sourceRoot = '', sources = [] } = part;
    part.sources = sources.map((source) => source && projectSource(`${sourceRoot}${source}`, place));
    delete part.sourceRoot;
  }
  const map = offset ? movedBy(offset, made) : made;
  map.debug_id = id;
  map.x_next_profiling_code = code;
  map.x_next_profiling_originals = originalsOf(made, place.projectDir);
  return { id, text: JSON.stringify(map) };
}

function movedBy(offset: TextOffset, map: SourceMap): SourceMap {
  const sections = map.sections ?? [{ offset: { line: 0, column: 0 }, map }];
  return { version: 3, sections: sections.map((section) => ({ ...section, offset: sum(offset, section.offset) })) };
}

/** Columns move in the first line only. */
function sum(offset: TextOffset, { line, column }: TextOffset): TextOffset {
  return { line: offset.line + line, column: line === 0 ? offset.column + column : column };
}

/** The id that a bundler, or Sentry's plugin, has put into the script already. */
function debugIdIn(code: string): string | undefined {
  const uuid = /(?:\/\/# debugId=|sentry-dbid-)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i;
  return uuid.exec(code)?.[1]?.toLowerCase();
}

/** A UUID of version 8, whose bits are its maker's to choose: equal for equal scripts of equal sources. */
function contentId(code: string, map: string): string {
  const hash = createHash('sha256').update(code).update('\0').update(map).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** Relative to the project, or from the last `node_modules` on, as frames of unbundled packages are named. */
function projectSource(source: string, { folder, projectDir }: Place): string {
  if (/^[a-z][\w+.-]*:/i.test(source) && !/^(file|[a-z]):/i.test(source)) return source;
  // Webpack tells two of one name apart by asterisks.
  const plain = source.replace(/\*+$/, '');
  const path = plain.startsWith('file:') ? fileURLToPath(plain) : resolve(folder, decoded(plain));
  const name = relative(projectDir, path).split(sep).join('/');
  const packages = name.lastIndexOf('node_modules/');
  return packages === -1 ? name : name.slice(packages);
}

function decoded(source: string): string {
  try {
    return decodeURIComponent(source);
  } catch {
    return source;
  }
}

/** Turbopack takes what a loader returns for the source itself. */
function originalsOf({ sources, sourcesContent = [] }: SourceMap, projectDir: string): Record<number, string> {
  const originals: Record<number, string> = {};
  for (const [index, content] of sourcesContent.entries()) {
    const file = join(projectDir, sources?.[index] ?? '');
    if (content?.includes(ADDED) && existsSync(file)) originals[index] = readFileSync(file, 'utf8');
  }
  return originals;
}
