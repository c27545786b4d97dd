import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ProfilingError, unusableStore } from '../errors.ts';
import { loadSqlite } from './load-sqlite.ts';
import { migrate } from './migrations.ts';

/** How long to wait for another process that writes, milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/** SQLite's result codes, https://www.sqlite.org/rescode.html */
const FIXES: Record<number, string> = {
  5: 'another process holds it locked; stop that process or choose another file with --store',
  8: 'it cannot be written; make it writable or choose another file with --store',
  11: 'it is damaged; move it away and start again, or choose another file with --store',
  13: 'the disk is full',
  14: 'it cannot be opened; check the path and its permissions or choose another file with --store',
  26: 'it is not a SQLite database; choose another file with --store',
};

/** An `NP_STORE` error for anything that SQLite or the file system threw. */
export function storeError(file: string, error: unknown): ProfilingError {
  if (error instanceof ProfilingError) return error;
  const { errcode } = error as { errcode?: number };
  // The low byte is the primary code, the rest says more of the same.
  return unusableStore(file, error, FIXES[(errcode ?? 0) & 0xff] ?? 'choose another file with --store');
}

/** Opens the file, creating it and its folder, and brings it to the current schema. Throws `NP_STORE`, `NP_SQLITE`. */
export async function openSqlite(file: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await loadSqlite();
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    migrate(database, file);
    switchToWriteAheadLog(database);
    return database;
  } catch (error) {
    database?.close();
    throw storeError(file, error);
  }
}

/**
 * Readers do not wait for a writer then. Switching needs the file alone and does not honour the busy timeout, so when
 * several processes open a new store at once all but one may fail; the journal mode is stored in the file, so the
 * winner's switch holds for everyone.
 */
function switchToWriteAheadLog(database: DatabaseSync): void {
  try {
    database.exec('PRAGMA journal_mode = WAL');
  } catch (error) {
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== 5) throw error;
  }
  // With a write-ahead log this cannot corrupt; a power cut may lose the last moments.
  database.exec('PRAGMA synchronous = NORMAL');
}
