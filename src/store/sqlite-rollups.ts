import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { ProfiledFunction } from '../profile/function-table.ts';
import type { StoredSpan } from './profile-store.ts';
import type { CoarserRollups, RolledSummary, RolledTree, Rollup, RollupScope, RollupStore } from './rollup-store.ts';
import type { Selection, StoreRange } from './selection.ts';
import { ROLLUP_LEVELS, type RollupLevel } from './sqlite-rollup-levels.ts';
import { pack, unpack } from './sqlite-rows.ts';
import { namesItsRoot, type Times, TouchedTimes } from './touched-times.ts';

const everythingScope = 'everything';
const scopeKey = (release: string | null, environment: string | null): string => JSON.stringify([release, environment]);

type Guarded = <T>(use: (database: DatabaseSync) => T) => T;

export class SqliteRollups implements CoarserRollups {
  readonly widthMicros: number;
  readonly seriesBuckets: number;
  readonly coarser: CoarserRollups | null;
  readonly #guarded: Guarded;
  readonly #level: RollupLevel;
  readonly #parts: SqliteRollups | null;

  constructor(guarded: Guarded, depth = 0, parts: SqliteRollups | null = null) {
    this.#guarded = guarded;
    this.#level = ROLLUP_LEVELS[depth] as RollupLevel;
    this.#parts = parts;
    this.widthMicros = this.#level.widthMicros;
    this.seriesBuckets = this.#level.seriesBuckets;
    this.coarser = depth + 1 < ROLLUP_LEVELS.length ? new SqliteRollups(guarded, depth + 1, this) : null;
  }

  /** Of the finest: itself, which is what it is made of. */
  get parts(): RollupStore {
    return this.#parts ?? this;
  }

  async scopes(starts: readonly number[]): Promise<Exclude<RollupScope, 'everything'>[]> {
    const rows = this.#guarded((database) =>
      database
        .prepare(
          `SELECT DISTINCT scope FROM ${(this.#parts ?? this).#level.sums}
           WHERE start_us IN (SELECT value FROM json_each(?)) AND scope <> '${everythingScope}'`,
        )
        .all(JSON.stringify(starts)),
    );
    return rows.map(({ scope }) => {
      const [release, environment] = JSON.parse(scope as string);
      return { release, environment };
    });
  }

  async stale(endedByMicros: number, limit: number): Promise<number[]> {
    return this.#starts(
      `SELECT start_us AS start FROM ${this.#level.times} AS time
       WHERE token IS NOT NULL AND start_us <= ? ${this.#parts === null ? '' : this.#parts.#allReady(this.widthMicros)}
       ORDER BY start_us LIMIT ?`,
      endedByMicros - this.widthMicros,
      limit,
    );
  }

  /** That no part of a time is stale. */
  #allReady(widthMicros: number): string {
    return `AND NOT EXISTS (
      SELECT 1 FROM ${this.#level.times} AS part
      WHERE part.start_us >= time.start_us AND part.start_us < time.start_us + ${widthMicros} AND part.token IS NOT NULL
    )`;
  }

  async begin(startMicros: number): Promise<string> {
    const token = randomUUID();
    this.#guarded((database) =>
      database.prepare(`UPDATE ${this.#level.times} SET token = ? WHERE start_us = ?`).run(token, startMicros),
    );
    return token;
  }

  async finish(
    startMicros: number,
    token: string,
    rollups: readonly Rollup[],
    lacking: readonly string[] = [],
  ): Promise<boolean> {
    return this.#guarded((database) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const done = database
          .prepare(`UPDATE ${this.#level.times} SET token = NULL WHERE start_us = ? AND token = ?`)
          .run(startMicros, token).changes;
        if (done > 0) keep(database, this.#level, startMicros, rollups, lacking);
        database.exec('COMMIT');
        return done > 0;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  async lacking(): Promise<string[]> {
    return this.#guarded((database) =>
      database
        .prepare('SELECT debug_id FROM lacking_maps')
        .all()
        .map(({ debug_id }) => debug_id as string),
    );
  }

  async expire(): Promise<void> {
    this.#guarded((database) =>
      database.exec(
        `BEGIN IMMEDIATE;
         ${ROLLUP_LEVELS.map(({ times }) => `UPDATE ${times} SET token = ''`).join(';')};
         DELETE FROM lacking_maps; COMMIT`,
      ),
    );
  }

  async ready({ fromMicros, toMicros }: StoreRange): Promise<number[]> {
    return this.#starts(
      `SELECT start_us AS start FROM ${this.#level.times}
       WHERE token IS NULL AND start_us >= ? AND start_us <= ? ORDER BY start_us`,
      fromMicros,
      toMicros - this.widthMicros,
    );
  }

  async *summaries(starts: readonly number[], selection: Selection): AsyncGenerator<[number, RolledSummary]> {
    for await (const { start, summary } of this.#rows(
      'start_us AS start, summary',
      this.#level.sums,
      starts,
      selection,
    )) {
      yield [start as number, unpack(summary) as RolledSummary];
    }
  }

  async *trees(
    starts: readonly number[],
    selection: Selection,
    accounts?: readonly string[],
  ): AsyncGenerator<[string, RolledTree]> {
    const rows = this.#rows('account, tree', this.#level.trees, starts, selection, accounts);
    for await (const row of rows) yield [row.account as string, unpack(row.tree) as RolledTree];
  }

  async numbersOf(functions: readonly ProfiledFunction[]): Promise<number[]> {
    return this.#guarded((database) => {
      const find = database.prepare('SELECT number FROM functions WHERE key = ?');
      const insert = database.prepare('INSERT INTO functions (key) VALUES (?) ON CONFLICT (key) DO NOTHING');
      return functions.map(({ name, kind, file, line, column }) => {
        const key = JSON.stringify([name, kind, file, line, column]);
        const known = find.get(key)?.number;
        if (known !== undefined) return known as number;
        insert.run(key);
        return find.get(key)?.number as number;
      });
    });
  }

  async functions(numbers: readonly number[]): Promise<Map<number, ProfiledFunction>> {
    const rows = this.#guarded((database) =>
      database
        .prepare('SELECT number, key FROM functions WHERE number IN (SELECT value FROM json_each(?))')
        .all(JSON.stringify(numbers)),
    );
    return new Map(
      rows.map(({ number, key }) => {
        const [name, kind, file, line, column] = JSON.parse(key as string);
        return [number as number, { name, kind, file, line, column }];
      }),
    );
  }

  /** The rows of a table whose scope answers the selection, a time at a time. */
  async *#rows(
    columns: string,
    table: string,
    starts: readonly number[],
    { release, environment }: Selection,
    accounts?: readonly string[],
  ): AsyncGenerator<Record<string, unknown>> {
    const isNarrow = release !== undefined || environment !== undefined;
    const narrow = accounts === undefined ? '' : 'AND account IN (SELECT value FROM json_each(?))';
    const select = this.#guarded((database) =>
      database.prepare(`SELECT scope, ${columns} FROM ${table} WHERE start_us = ? ${narrow}`),
    );
    const names = accounts === undefined ? [] : [JSON.stringify(accounts)];
    for (const start of starts) {
      await setImmediate();
      const rows = this.#guarded(() => select.all(start, ...names));
      for (const row of rows) {
        if (
          row.scope === everythingScope ? !isNarrow : isNarrow && isWanted(row.scope as string, release, environment)
        ) {
          yield row;
        }
      }
    }
  }

  #starts(statement: string, ...parameters: number[]): number[] {
    return this.#guarded((database) =>
      database
        .prepare(statement)
        .all(...parameters)
        .map(({ start }) => start as number),
    );
  }
}

function isWanted(scope: string, release?: string | null, environment?: string | null): boolean {
  const [ofRelease, ofEnvironment] = JSON.parse(scope);
  return (
    (release === undefined || release === ofRelease) && (environment === undefined || environment === ofEnvironment)
  );
}

function keep(
  database: DatabaseSync,
  { sums, trees: tables }: RollupLevel,
  startMicros: number,
  rollups: readonly Rollup[],
  lacking: readonly string[],
): void {
  const lack = database.prepare('INSERT INTO lacking_maps (debug_id) VALUES (?) ON CONFLICT DO NOTHING');
  for (const debugId of lacking) lack.run(debugId);
  for (const table of [sums, tables]) {
    database.prepare(`DELETE FROM ${table} WHERE start_us = ?`).run(startMicros);
  }
  const insert = database.prepare(`INSERT INTO ${sums} (start_us, scope, summary) VALUES (?, ?, ?)`);
  const insertTree = database.prepare(`INSERT INTO ${tables} (start_us, scope, account, tree) VALUES (?, ?, ?, ?)`);
  for (const { scope, summary, trees } of rollups) {
    const key = scope === 'everything' ? everythingScope : scopeKey(scope.release, scope.environment);
    insert.run(startMicros, key, pack(summary));
    for (const [account, tree] of Object.entries(trees)) insertTree.run(startMicros, key, account, pack(tree));
  }
}

/** Marks the times whose sums change with these chunks and spans, and says where they begin. */
export function touch(database: DatabaseSync, chunks: readonly Times[], spans: readonly StoredSpan[]): number[] {
  const times = new TouchedTimes(chunks, spans);
  const root = database.prepare(
    'SELECT start_us AS startMicros, end_us AS endMicros FROM spans WHERE project_id = ? AND trace_id = ? AND span_id = ?',
  );
  for (const { projectId, traceId, segmentId } of spans.filter(namesItsRoot)) {
    const found = root.get(projectId, traceId, segmentId);
    if (found !== undefined) times.addRoot(found as unknown as Times);
  }
  for (const { times: table, widthMicros } of ROLLUP_LEVELS) {
    const mark = database.prepare(
      `INSERT INTO ${table} (start_us, token) VALUES (?, '') ON CONFLICT (start_us) DO UPDATE SET token = ''`,
    );
    for (const start of startsOf(times.starts, widthMicros)) mark.run(start);
  }
  return times.starts;
}

/** Where the times of some width begin in which these are. */
export const startsOf = (starts: readonly number[], widthMicros: number): Set<number> =>
  new Set(starts.map((start) => Math.floor(start / widthMicros) * widthMicros));
