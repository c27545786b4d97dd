import { type ClickHouseAddress, DEFAULT_RETENTION_DAYS } from './address.ts';

/** How tables lie on one server, or on the shards and replicas of a cluster. */
export type Layout = Pick<ClickHouseAddress, 'database' | 'cluster' | 'retentionDays'>;

export interface Table {
  name: string;
  columns: string;
  /** Of the MergeTree family, with its parameters; or `Null`. */
  engine: string;
  orderBy?: string;
  /** What decides the shard of a row. */
  shardBy: string;
  /** When a row goes; absent: never. `DAYS` is the retention. */
  expires?: string;
  settings?: string;
}

/** Fills a table from what is inserted into another one. */
export interface View {
  name: string;
  from: string;
  to: string;
  select: string;
}

/** Rows go by the day on which they came, so that a whole part goes at once; imported old profiles are kept as long. */
export const BY_RECEIPT = 'received_at + toIntervalDay(DAYS)';

const onCluster = ({ cluster }: Layout): string => (cluster === null ? '' : ` ON CLUSTER '${cluster}'`);

/** Where the rows of a table are on each server: beneath its name, or beneath that of a table over all of them. */
export const stored = (layout: Layout, table: string): string =>
  `${layout.database}.${table}${layout.cluster === null ? '' : '_local'}`;

export const expiry = ({ retentionDays }: Layout, expires: string): string =>
  expires.replace('DAYS', String(retentionDays ?? DEFAULT_RETENTION_DAYS));

export const createDatabase = (layout: Layout): string =>
  `CREATE DATABASE IF NOT EXISTS ${layout.database}${onCluster(layout)}`;

export function createTable(layout: Layout, { name, columns, engine, orderBy, shardBy, ...more }: Table): string[] {
  const { database, cluster } = layout;
  const clauses = [
    orderBy === undefined ? '' : `ORDER BY (${orderBy})`,
    more.expires === BY_RECEIPT ? 'PARTITION BY toDate(received_at)' : '',
    more.expires === undefined ? '' : `TTL ${expiry(layout, more.expires)}`,
    settingsOf(more),
  ].filter((clause) => clause !== '');
  const local = `CREATE TABLE IF NOT EXISTS ${stored(layout, name)}${onCluster(layout)} (${columns})
    ENGINE = ${cluster === null ? engine : replicated(engine)} ${clauses.join(' ')}`;
  if (cluster === null) return [local];
  const over = `CREATE TABLE IF NOT EXISTS ${database}.${name}${onCluster(layout)} AS ${stored(layout, name)}
    ENGINE = Distributed('${cluster}', '${database}', '${name}_local', ${shardBy})`;
  return [local, over];
}

/** Of a cluster each server fills its own tables: the rows that belong together are on one shard already. */
export const createView = (layout: Layout, { name, from, to, select }: View): string =>
  `CREATE MATERIALIZED VIEW IF NOT EXISTS ${layout.database}.${name}${onCluster(layout)} TO ${stored(layout, to)}
    AS SELECT ${select.replace('FROM SOURCE', `FROM ${stored(layout, from)}`)}`;

export const changeExpiry = (layout: Layout, { name, expires = '' }: Table): string =>
  `ALTER TABLE ${stored(layout, name)}${onCluster(layout)} MODIFY TTL ${expiry(layout, expires)}`;

function settingsOf({ expires, settings }: Pick<Table, 'expires' | 'settings'>): string {
  const all = [expires === BY_RECEIPT ? 'ttl_only_drop_parts = 1' : '', settings ?? ''].filter((one) => one !== '');
  return all.length === 0 ? '' : `SETTINGS ${all.join(', ')}`;
}

/** Path and replica come from the server's macros, as its default for replicated tables. */
function replicated(engine: string): string {
  if (engine === 'Null') return engine;
  const [, family = '', parameters = ''] = /^(\w+)(?:\((.*)\))?$/.exec(engine) ?? [];
  const where = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'";
  return `Replicated${family}(${where}${parameters === '' ? '' : `, ${parameters}`})`;
}
