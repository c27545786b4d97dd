import type { DatabaseSync } from 'node:sqlite';
import { validateChunk } from '../../src/profile/validate-chunk.ts';
import { unpack } from '../../src/store/sqlite-rows.ts';

/** What is wrong with the rows of a store: each must be whole, and one that could be sent again. */
export function brokenRows(database: DatabaseSync): string[] {
  const problems: string[] = [];
  const check = (what: string, isRight: () => boolean): void => {
    try {
      if (!isRight()) problems.push(what);
    } catch (error) {
      problems.push(`${what}: ${error}`);
    }
  };
  for (const [text] of database.prepare('PRAGMA integrity_check').all().map(Object.values)) {
    if (text !== 'ok') problems.push(`integrity: ${text}`);
  }
  for (const row of database.prepare('SELECT * FROM chunks').iterate()) {
    const what = `chunk ${row.chunk_id}`;
    check(`${what}: facts`, () => typeof unpack(row.facts) === 'object');
    check(`${what}: threads`, () => JSON.parse(row.thread_ids as string).length > 0);
    check(`${what}: times`, () => (row.start_us as number) > 0 && (row.start_us as number) <= (row.end_us as number));
    if (row.kind !== 'import') check(`${what}: body`, () => validateChunk(JSON.stringify(unpack(row.body))).ok);
  }
  for (const row of database.prepare('SELECT * FROM spans').iterate()) {
    const what = `span ${row.span_id}`;
    check(`${what}: attributes`, () => typeof JSON.parse(row.attributes as string) === 'object');
    check(`${what}: times`, () => (row.start_us as number) > 0 && (row.start_us as number) <= (row.end_us as number));
  }
  return problems;
}
