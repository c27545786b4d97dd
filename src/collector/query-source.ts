import type { ProfileStore } from '../store/profile-store.ts';
import type { SourcePlace, Symbolicator } from '../symbolicate/symbolicator.ts';
import type { SourceAnswer } from './api-profile-types.ts';
import { type Filter, selectionOf } from './filter.ts';

const LINES_BEFORE = 2;
const LINES_AFTER = 20;
/** Of a bundled library, one may be the whole file. */
const LONGEST_LINE = 300;
/** How many chunks are read to find the map. */
const MOST_CHUNKS = 30;

/** The lines where a function begins, from the source map that named it; none if there is none. Rejects with `NP_STORE`. */
export async function querySource(
  store: ProfileStore,
  symbols: Symbolicator | null,
  filter: Filter,
  place: SourcePlace,
): Promise<SourceAnswer> {
  const text = symbols === null ? null : await sourceOf(store, symbols, filter, place);
  const firstLine = Math.max(1, place.line - LINES_BEFORE);
  const lines = text?.split(/\r?\n/).slice(firstLine - 1, place.line + LINES_AFTER) ?? [];
  return { file: place.file, line: place.line, firstLine, lines: lines.map((line) => line.slice(0, LONGEST_LINE)) };
}

async function sourceOf(
  store: ProfileStore,
  symbols: Symbolicator,
  filter: Filter,
  place: SourcePlace,
): Promise<string | null> {
  let text = await symbols.sourceOf(place);
  if (text === null) {
    // What was summed up by an earlier process needed no map in this one.
    let read = 0;
    for await (const _ of store.chunks(await selectionOf(store, filter))) {
      text = await symbols.sourceOf(place);
      read += 1;
      if (text !== null || read === MOST_CHUNKS) break;
    }
  }
  return text;
}
