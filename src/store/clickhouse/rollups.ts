import { randomInt, randomUUID } from 'node:crypto';
import type { ProfiledFunction } from '../../profile/function-table.ts';
import {
  ROLLUP_MICROS,
  type RolledAccount,
  type RolledSummary,
  type RolledTree,
  type Rollup,
  type RollupStore,
} from '../rollup-store.ts';
import type { Selection, StoreRange } from '../selection.ts';
import type { Connection } from './connection.ts';
import {
  type AccountSums,
  accountOf,
  accountRows,
  emptyAccount,
  NO_SCOPE,
  type NodeSums,
  type ScopeSums,
  scopeRow,
  summaryOf,
  treeOf,
} from './rollup-rows.ts';
import {
  selectAccounts,
  selectCrossing,
  selectReady,
  selectRevisions,
  selectScopes,
  selectStale,
  selectToken,
  selectTrees,
} from './rollup-statements.ts';
import { functionKey, functionOf, numberOf } from './stable-numbers.ts';
import { parametersOf, type Tables } from './statements.ts';

/** How many times are summed up in one question: more than a week has, and no more than one piece of keys takes. */
const STARTS_AT_ONCE = 2_500;
/** How many numbers are remembered to have been written; all of them are again when there are more. */
const MOST_REMEMBERED = 200_000;

/**
 * Rollups without a lock: each names the state of its time when its making began, and is ready as long as that is the state.
 * So any collector may make one, two at once too; and the server sums up many times before it answers.
 */
export class ClickHouseRollups implements RollupStore {
  readonly widthMicros = ROLLUP_MICROS;
  /** The server sums up thousands before it answers. */
  readonly coarser = null;
  readonly #connection: Connection;
  readonly #tables: Tables;
  readonly #numbered = new Set<number>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#tables = (name) => `${connection.address.database}.${name}`;
  }

  async stale(endedByMicros: number, limit: number): Promise<number[]> {
    return this.#starts(selectStale(this.#tables), { to: Math.floor(endedByMicros) - ROLLUP_MICROS, limit });
  }

  async ready({ fromMicros, toMicros }: StoreRange): Promise<number[]> {
    const range = { from: Math.ceil(fromMicros), to: Math.floor(toMicros) - ROLLUP_MICROS };
    return this.#starts(selectReady(this.#tables), range);
  }

  async begin(startMicros: number): Promise<string> {
    const [row] = await this.#connection.rows<{ token: string }>(selectToken(this.#tables), { start: startMicros });
    return row?.token ?? 'nothing was written';
  }

  async finish(
    startMicros: number,
    token: string,
    rollups: readonly Rollup[],
    lacking: readonly string[] = [],
  ): Promise<boolean> {
    if ((await this.begin(startMicros)) !== token) return false;
    // By time, so that the latest is the greatest, and 2^53 is far.
    const revision = Date.now() * 4_096 + randomInt(4_096);
    const epoch = Number(token.split('.')[0]);
    await Promise.all([
      this.#connection.insert(
        'rollup_accounts',
        rollups.flatMap((rollup) => accountRows(startMicros, revision, rollup)),
      ),
      this.#connection.insert(
        'rollup_scopes',
        rollups.map((rollup) => scopeRow(startMicros, revision, rollup)),
      ),
      this.#connection.insert(
        'lacking_maps',
        lacking.map((debug_id) => ({ epoch, debug_id })),
      ),
    ]);
    await this.#connection.insert('rollup_commits', [{ start_us: startMicros, revision, token }]);
    return true;
  }

  async lacking(): Promise<string[]> {
    const rows = await this.#connection.rows<{ id: string }>(
      `SELECT DISTINCT debug_id AS id FROM ${this.#tables('lacking_maps')}
       WHERE epoch = (SELECT uniqExact(id) FROM ${this.#tables('rollup_expiries')})`,
    );
    return rows.map(({ id }) => id);
  }

  async expire(): Promise<void> {
    await this.#connection.insert('rollup_expiries', [{ id: randomUUID() }]);
  }

  /** Sums over many times come as one; only requests that reach over a border are told apart by their time. */
  async *summaries(starts: readonly number[], selection: Selection): AsyncGenerator<[number, RolledSummary]> {
    const parameters = parametersOf(selection);
    for await (const keys of this.#revisions(starts)) {
      const ask = <T>(statement: string) => this.#connection.rowsOfKeys<T>(statement, keys, parameters);
      const [scopes, accounts, crossing] = await Promise.all([
        ask<ScopeSums>(selectScopes(this.#tables, selection)),
        ask<AccountSums>(selectAccounts(this.#tables, selection)),
        ask<{ start: number; account: string } & Pick<RolledAccount, 'crossing'>>(
          selectCrossing(this.#tables, selection),
        ),
      ]);
      const first = keys[0]?.[0] ?? 0;
      for (const scope of scopes) yield [first, summaryOf(scope, [])];
      for (const account of accounts) yield [first, summaryOf(NO_SCOPE, [accountOf(account)])];
      for (const { start, account, crossing: requests } of crossing) {
        yield [start, summaryOf(NO_SCOPE, [[account, emptyAccount(requests)]])];
      }
    }
  }

  async *trees(
    starts: readonly number[],
    selection: Selection,
    accounts?: readonly string[],
  ): AsyncGenerator<[string, RolledTree]> {
    const parameters = { ...parametersOf(selection), ...(accounts !== undefined && { accounts }) };
    const statement = selectTrees(this.#tables, selection, accounts);
    for await (const keys of this.#revisions(starts)) {
      for (const sums of await this.#connection.rowsOfKeys<NodeSums>(statement, keys, parameters)) {
        if (sums.nodes.length > 0) yield [sums.account, treeOf(sums)];
      }
    }
  }

  async numbersOf(functions: readonly ProfiledFunction[]): Promise<number[]> {
    const keys = functions.map(functionKey);
    const numbers = keys.map(numberOf);
    if (this.#numbered.size > MOST_REMEMBERED) this.#numbered.clear();
    const fresh = numbers
      .map((number, index) => ({ number, key: keys[index] }))
      .filter(({ number }) => !this.#numbered.has(number));
    await this.#connection.insert('functions', fresh);
    for (const { number } of fresh) this.#numbered.add(number);
    return numbers;
  }

  async functions(numbers: readonly number[]): Promise<Map<number, ProfiledFunction>> {
    const rows = await this.#connection.rowsOfKeys<{ number: number; key: string }>(
      `SELECT number, key FROM ${this.#tables('functions')} WHERE tuple(number) IN {keys:Array(Tuple(UInt64))} LIMIT 1 BY number`,
      numbers.map((number) => [number]),
    );
    return new Map(rows.map(({ number, key }) => [number, functionOf(key)]));
  }

  async *#revisions(starts: readonly number[]): AsyncGenerator<[start: number, revision: number][]> {
    for (let from = 0; from < starts.length; from += STARTS_AT_ONCE) {
      const rows = await this.#connection.rows<{ start: number; revision: number }>(selectRevisions(this.#tables), {
        starts: starts.slice(from, from + STARTS_AT_ONCE),
      });
      if (rows.length > 0) yield rows.map(({ start, revision }) => [start, revision]);
    }
  }

  async #starts(statement: string, parameters: Record<string, unknown>): Promise<number[]> {
    const rows = await this.#connection.rows<{ start: number }>(statement, parameters);
    return rows.map(({ start }) => start);
  }
}
