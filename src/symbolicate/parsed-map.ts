import {
  decodedMappings,
  FlattenMap,
  type SourceMapInput,
  type SourceMapSegment,
  type TraceMap,
} from '@jridgewell/trace-mapping';
import { type DefinedFunction, definedFunctions, type FunctionsOfSource } from './defined-functions.ts';
import { functionHead } from './function-head.ts';
import { MapProblem } from './map-problem.ts';
import { sourcePath } from './source-path.ts';
import { WrappedSource } from './wrapped-source.ts';

/** Decoded, each mapping takes about a hundred bytes. */
const MOST_MAPPINGS = 3_000_000;

/** Where our loader's additions to the user's files are from. */
const ADDED_CODE = 'node_modules/next-profiling/dist/wrap-loader.cjs';

/** What the top of a source is called. */
const MODULE = '(module)';

/** A function of a source. */
export interface OriginalFunction extends DefinedFunction {
  /** Relative to the project where the map says so. */
  file: string;
}

/** A source map, and the functions of those of its sources that were asked for. */
export class ParsedMap {
  readonly #map: TraceMap;
  /** The lines of the built file, if the build kept them with the map. */
  readonly #code: readonly string[] | null;
  /** By index: the texts of sources that our loader has changed. */
  readonly #originals: Readonly<Record<number, unknown>>;
  readonly #functions = new Map<number, FunctionsOfSource | null>();

  /** Throws a `MapProblem`. */
  constructor(text: string) {
    const map = parseJson(text);
    checkMap(map);
    const { x_next_profiling_code: code, x_next_profiling_originals: originals } = map;
    this.#code = typeof code === 'string' ? code.split('\n') : null;
    this.#originals = originals ?? {};
    try {
      this.#map = new FlattenMap(map);
    } catch {
      throw new MapProblem('the source map is damaged');
    }
  }

  /**
   * The function that V8 found at this place of the built file, both 1-based. `null` where it is in no source: what a
   * bundler added. `named`: what V8 calls it, for a source whose text is not known.
   */
  functionAt(line: number, column: number, named: string): OriginalFunction | null {
    const segments = decodedMappings(this.#map)[line - 1] ?? [];
    const head = functionHead(this.#code?.[line - 1], column - 1);
    if (head === null) return null;
    const before = segments.findLast(([at]) => at <= column - 1);
    // A function that a minifier moved to its only caller is mapped to the call, but its parameters and body are not.
    const inHead = segments.filter(([at]) => at > column - 1 && at <= head.end);
    for (const segment of before && before[0] >= head.start ? [before, ...inHead] : inHead) {
      const found = this.#functionOf(segment, named);
      if (found !== null) return found;
    }
    return head.isModule
      ? this.#moduleOf(segments.find(([at, source]) => at > head.end && source !== undefined))
      : null;
  }

  /** The text of a source as it was written, if this very function begins there: another build's may have moved on. */
  sourceOf({ file, name, line, column }: OriginalFunction): string | null {
    const source = this.#map.resolvedSources.findIndex((url) => url != null && sourcePath(url) === file);
    const text = this.#originals[source] ?? this.#map.sourcesContent?.[source];
    if (typeof text !== 'string') return null;
    if (name === MODULE) return text;
    const found = definedFunctions(text, file)?.at(line, column);
    return found?.name === name && found.line === line && found.column === column ? text : null;
  }

  /** The top of a source, which bundlers make a function of. */
  #moduleOf([, source]: readonly number[] = []): OriginalFunction | null {
    const url = source === undefined ? null : this.#map.resolvedSources[source];
    return url == null ? null : { file: sourcePath(url), name: MODULE, line: 1, column: 1 };
  }

  #functionOf(segment: SourceMapSegment, named: string): OriginalFunction | null {
    const [, source, line, column, name] = segment;
    const url = source === undefined ? null : this.#map.resolvedSources[source];
    if (source === undefined || line === undefined || column === undefined || url == null) return null;
    const file = sourcePath(url);
    const functions = this.#functionsOf(source, file);
    if (functions === null) {
      const given: unknown = name === undefined ? undefined : this.#map.names[name];
      return { file, name: typeof given === 'string' ? given : named, line: line + 1, column: column + 1 };
    }
    const found = functions.at(line + 1, column + 1);
    return found && { file: found.line === 0 ? ADDED_CODE : file, ...found };
  }

  #functionsOf(source: number, file: string): FunctionsOfSource | null {
    const known = this.#functions.get(source);
    if (known !== undefined) return known;
    const text = this.#map.sourcesContent?.[source];
    const original = this.#originals[source];
    const built = typeof text === 'string' ? definedFunctions(text, file) : null;
    const written = built && typeof original === 'string' ? definedFunctions(original, file) : null;
    const functions = built && written ? new WrappedSource(built, written) : built;
    this.#functions.set(source, functions);
    return functions;
  }
}

/** What the plugin adds to a map: see `plugin/kept-map.ts`. */
interface KeptMap {
  x_next_profiling_code?: unknown;
  x_next_profiling_originals?: Record<number, unknown>;
}

function parseJson(text: string): unknown {
  try {
    // Some servers put this in front, against scripts that include JSON.
    return JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, ''));
  } catch {
    throw new MapProblem('the source map is no JSON, maybe cut off');
  }
}

/** Throws unless it is a source map, in sections or not, that is not too large to decode. */
function checkMap(map: unknown): asserts map is SourceMapInput & KeptMap {
  const { version, sections } = (map ?? {}) as Record<string, unknown>;
  if (version !== 3) throw new MapProblem(`the source map has version ${String(version).slice(0, 20)}, known is 3`);
  const parts = Array.isArray(sections) ? sections : [{ offset: { line: 0, column: 0 }, map }];
  let count = 0;
  for (const part of parts) {
    const { sources, mappings } = (part?.map ?? {}) as Record<string, unknown>;
    const { line, column } = (part?.offset ?? {}) as Record<string, unknown>;
    const isPlaced = [line, column].every((at) => Number.isSafeInteger(at) && (at as number) >= 0);
    if (!isPlaced || !Array.isArray(sources) || typeof mappings !== 'string') {
      throw new MapProblem('the source map is damaged');
    }
    // Every line before a section is made, as those are that its mappings skip.
    count = Math.max(count, line as number) + mappingsIn(mappings);
    if (count > MOST_MAPPINGS) throw new MapProblem('the source map has too many mappings');
  }
}

const COMMA = 44;
const SEMICOLON = 59;

/** At most as many: each ends with a comma or a line. */
function mappingsIn(mappings: string): number {
  let count = 1;
  for (let index = 0; index < mappings.length; index++) {
    const code = mappings.charCodeAt(index);
    if (code === COMMA || code === SEMICOLON) count++;
  }
  return count;
}
