import { messageOf, noSqlite } from '../errors.ts';

type Sqlite = typeof import('node:sqlite');

/**
 * Node's own SQLite, loaded only when a store is opened: it is missing before Node 22.13, where everything but the
 * collector works. Throws `NP_SQLITE` with the version found and the one needed.
 */
export async function loadSqlite(load: () => Promise<Sqlite> = () => import('node:sqlite')): Promise<Sqlite> {
  const { emitWarning } = process;
  // Node 22 calls the module experimental on each start; the user of a command cannot do anything about it.
  process.emitWarning = (() => {}) as typeof emitWarning;
  try {
    return await load();
  } catch (error) {
    throw noSqlite(process.version, messageOf(error));
  } finally {
    process.emitWarning = emitWarning;
  }
}
