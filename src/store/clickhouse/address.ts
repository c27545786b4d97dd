import { wrongStoreAddress } from '../../errors.ts';

/** Where a ClickHouse server is, and how the store lies there. */
export interface ClickHouseAddress {
  /** Of its HTTP interface. */
  url: string;
  user: string;
  password: string;
  database: string;
  /** Tables are replicated and sharded over this cluster. */
  cluster: string | null;
  /** How long rows are kept after they came, days; `null` leaves a store that is there as it is. */
  retentionDays: number | null;
  /** For people: without the password. */
  location: string;
}

export const DEFAULT_RETENTION_DAYS = 30;
/** TTLs are sums of 32-bit times: what is over in 2106 is over at once. */
export const MOST_RETENTION_DAYS = 3_650;

/** An identifier that stands in statements as it is. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const CLUSTER = /^[A-Za-z_{][A-Za-z0-9_.{}-]{0,62}$/;

/**
 * Reads `clickhouse://USER:PASSWORD@HOST:PORT/DATABASE?cluster=NAME&retention_days=N&tls=true`, all but the host optional.
 * The password may be in the environment instead, where other users of the machine do not see it. Throws `NP_OPTION`.
 */
export function readAddress(address: string, env: Record<string, string | undefined> = process.env): ClickHouseAddress {
  if (!URL.canParse(address)) throw wrongStoreAddress('it is no URL');
  const { hostname, port, username, password, pathname, searchParams } = new URL(address);
  const unknown = [...searchParams.keys()].find((name) => !['cluster', 'retention_days', 'tls'].includes(name));
  if (unknown !== undefined) throw wrongStoreAddress(`it has an unknown parameter '${unknown}'`);
  if (hostname === '') throw wrongStoreAddress('it names no host');
  const database = decodeURIComponent(pathname.slice(1)) || 'next_profiling';
  if (!NAME.test(database)) throw wrongStoreAddress('its database is not a plain name');
  const cluster = searchParams.get('cluster');
  if (cluster !== null && !CLUSTER.test(cluster)) throw wrongStoreAddress('its cluster is not a plain name');
  const tls = searchParams.get('tls') ?? 'false';
  if (tls !== 'true' && tls !== 'false') throw wrongStoreAddress("its tls is neither 'true' nor 'false'");
  const authority = `${hostname}:${port || (tls === 'true' ? 8443 : 8123)}`;
  return {
    url: `${tls === 'true' ? 'https' : 'http'}://${authority}`,
    user: decodeURIComponent(username) || 'default',
    password: decodeURIComponent(password) || (env.NEXT_PROFILING_CLICKHOUSE_PASSWORD ?? ''),
    database,
    cluster,
    retentionDays: retentionOf(searchParams.get('retention_days')),
    location: `clickhouse://${authority}/${database}`,
  };
}

function retentionOf(text: string | null): number | null {
  if (text === null) return null;
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= MOST_RETENTION_DAYS) return days;
  throw wrongStoreAddress(`its retention_days is not from 1 to ${MOST_RETENTION_DAYS}`);
}
