import type { ClickHouseClient, TupleParam } from '@clickhouse/client';
import { messageOf, ProfilingError, unusableStore } from '../../errors.ts';
import type { ClickHouseAddress } from './address.ts';

/** What a server that is there does not say: it was not reached, or went away in the middle. */
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND)|socket hang up|Timeout error/;
/** https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp: overload, and servers of a cluster that are away. */
const TRANSIENT_CODES = new Set(['202', '209', '210', '242', '252', '279', '319', '999']);

/** Of keys that are sent at once, as text: less than 128 KB, the largest field of a form. */
const KEY_BYTES = 100_000;

type Row = Record<string, unknown>;

/** Answers come whole, and 64-bit integers as numbers: all of ours are below 2^53. */
const ANSWERS = { output_format_json_quote_64bit_integers: 0, join_use_nulls: 1 } as const;

/**
 * Rows of many collectors become one part: the server gathers them, and answers when they are written. On a cluster, when
 * the shards have written them.
 */
const INSERTS = { async_insert: 1, wait_for_async_insert: 1 } as const;

/** Speaks to the server, in words of the store: every error is an `NP_STORE`. */
export class Connection {
  readonly address: ClickHouseAddress;
  readonly #client: ClickHouseClient;
  readonly #Tuple: typeof TupleParam;
  #isClosed = false;

  private constructor(address: ClickHouseAddress, client: ClickHouseClient, Tuple: typeof TupleParam) {
    this.address = address;
    this.#client = client;
    this.#Tuple = Tuple;
  }

  /** The client is loaded here, so that nobody pays for it who keeps profiles in a file. */
  static async open(address: ClickHouseAddress): Promise<Connection> {
    const { createClient, ClickHouseLogLevel, TupleParam: Tuple } = await import('@clickhouse/client');
    const { url, user, password } = address;
    const client = createClient({
      url,
      username: user,
      password,
      application: 'next-profiling',
      request_timeout: 120_000,
      max_open_connections: 10,
      use_multipart_params_auto: true,
      // What goes wrong is thrown; nobody asked for a second account of it.
      log: { level: ClickHouseLogLevel.OFF },
    });
    return new Connection(address, client, Tuple);
  }

  async rows<T = Row>(query: string, parameters: Row = {}): Promise<T[]> {
    return this.#guarded(async () => {
      const answer = await this.#client.query({
        query,
        query_params: parameters,
        format: 'JSONEachRow',
        clickhouse_settings: ANSWERS,
      });
      return answer.json<T>();
    });
  }

  /**
   * Rows of a query that looks for keys, `{keys:Array(Tuple(…))}` in it, asked in pieces: a parameter has a largest size, and
   * so has a URL.
   */
  async rowsOfKeys<T = Row>(query: string, keys: readonly unknown[][], parameters: Row = {}): Promise<T[]> {
    const found: T[][] = [];
    for (const piece of piecesOf(keys)) {
      const tuples = piece.map((key) => new this.#Tuple(key));
      found.push(await this.rows<T>(query, { ...parameters, keys: tuples }));
    }
    return found.flat();
  }

  async insert(table: string, rows: readonly Row[]): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    const { database, cluster } = this.address;
    await this.#guarded(() =>
      this.#client.insert({
        table: `${database}.${table}`,
        values: rows,
        columns: Object.keys(first) as [string, ...string[]],
        format: 'JSONEachRow',
        clickhouse_settings: { ...INSERTS, ...(cluster !== null && { distributed_foreground_insert: 1 }) },
      }),
    );
  }

  async command(query: string): Promise<void> {
    await this.#guarded(() => this.#client.command({ query }));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#client.close();
  }

  async #guarded<T>(use: () => Promise<T>): Promise<T> {
    try {
      if (this.#isClosed) throw new Error('it is closed');
      return await use();
    } catch (error) {
      throw error instanceof ProfilingError ? error : unusableStore(this.address.location, error, fixFor(error));
    }
  }
}

/** As few pieces as can be: each is a way to the server and back. */
function piecesOf(keys: readonly unknown[][]): unknown[][][] {
  const pieces: unknown[][][] = [];
  let bytes = KEY_BYTES;
  for (const key of keys) {
    // It is sent in another notation, which is as long.
    const size = Buffer.byteLength(JSON.stringify(key)) + 1;
    if (bytes + size > KEY_BYTES) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)?.push(key);
    bytes += size;
  }
  return pieces;
}

/** Whether the same may work in a moment. */
export function isTransient(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  if (cause === undefined) return false;
  return TRANSIENT_CODES.has(cause.code ?? '') || NETWORK.test(cause.code ?? '') || NETWORK.test(messageOf(cause));
}

function fixFor(error: unknown): string {
  const { code = '' } = error as { code?: string };
  if (code === '516' || code === '192' || code === '193') {
    return 'give a user in --store, and the password there or in NEXT_PROFILING_CLICKHOUSE_PASSWORD';
  }
  if (code === '497') return 'grant that user the rights that the README names';
  if (code === '701') return "name a cluster of the server's configuration (system.clusters)";
  if (NETWORK.test(code) || NETWORK.test(messageOf(error))) {
    return "check the host and port of --store: the server's HTTP interface, 8123 or with tls 8443";
  }
  return 'see the log of the ClickHouse server';
}
