import { foreignDatabase, newerStore } from '../../errors.ts';
import type { Connection } from './connection.ts';
import {
  changeExpiry,
  createDatabase,
  createTable,
  createView,
  expiry,
  type Layout,
  stored,
  type Table,
} from './layout.ts';
import { TABLES, VERSIONS, VIEWS } from './schema.ts';

/**
 * Step N brings the schema from version N to N + 1. A step that was released is never edited: it then gets tables of its own
 * instead of those of `schema.ts`. Statements change nothing where they were run before, for collectors that start together.
 */
const STEPS: readonly ((layout: Layout) => string[])[] = [
  (layout) => [
    ...TABLES.flatMap((table) => createTable(layout, table)),
    ...VIEWS.map((view) => createView(layout, view)),
  ],
];

export const SCHEMA_VERSION = STEPS.length;

/** All statements that make a store. */
export const statements = (layout: Layout): string[] => [
  createDatabase(layout),
  ...createTable(layout, VERSIONS),
  ...STEPS.flatMap((step) => step(layout)),
];

/**
 * Brings a database to this version's schema and the retention that is asked for. Rejects with `NP_STORE` for a newer schema
 * and for a database with tables of another program; both stay untouched.
 */
export async function migrate(connection: Connection): Promise<void> {
  const { address } = connection;
  await connection.command(createDatabase(address));
  const version = await versionOf(connection);
  if (version > SCHEMA_VERSION) throw newerStore(address.location, version, SCHEMA_VERSION);
  if (version < SCHEMA_VERSION) {
    for (const statement of createTable(address, VERSIONS)) await connection.command(statement);
    for (let next = version; next < SCHEMA_VERSION; next++) {
      for (const statement of STEPS[next]?.(address) ?? []) await connection.command(statement);
      await connection.insert(VERSIONS.name, [{ version: next + 1 }]);
    }
  }
  if (address.retentionDays !== null) await retain(connection);
}

async function versionOf(connection: Connection): Promise<number> {
  const { database, location } = connection.address;
  const tables = await connection.rows<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = {database:String} ORDER BY name',
    { database },
  );
  const [first] = tables;
  if (first === undefined) return 0;
  if (!tables.some(({ name }) => name === VERSIONS.name)) throw foreignDatabase(location, first.name);
  const [row] = await connection.rows<{ version: number }>(
    `SELECT max(version) AS version FROM ${database}.${VERSIONS.name}`,
  );
  return row?.version ?? 0;
}

/** Changes how long rows are kept, only where that is something else: it makes the server go through its parts. */
async function retain(connection: Connection): Promise<void> {
  const { address } = connection;
  const tables = await connection.rows<{ name: string; definition: string }>(
    'SELECT name, create_table_query AS definition FROM system.tables WHERE database = {database:String}',
    { database: address.database },
  );
  const definitions = new Map(tables.map(({ name, definition }) => [`${address.database}.${name}`, definition]));
  const isOther = (table: Table) =>
    !(definitions.get(stored(address, table.name)) ?? '').includes(expiry(address, table.expires ?? ''));
  for (const table of TABLES) {
    if (table.expires !== undefined && isOther(table)) await connection.command(changeExpiry(address, table));
  }
}
