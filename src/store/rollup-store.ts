import type { ProfiledFunction } from '../profile/function-table.ts';
import type { Selection, StoreRange } from './selection.ts';

/** How much time one of the finest rollups sums up, microseconds. */
export const ROLLUP_MICROS = 300e6;

/** What a rollup is about: everything of its time, or one release in one environment. */
export type RollupScope = 'everything' | { release: string | null; environment: string | null };

/** CPU time and requests of one account. Functions by their numbers in the store; times in microseconds. */
export interface RolledAccount {
  micros: number;
  contextMicros: number;
  /** Number of the bucket and its time, in pairs. */
  series: number[];
  /** Number, self and total, in triples. */
  functions: number[];
  wholeRequests: number;
  /** CPU microseconds and number of requests, in pairs. */
  wholeCosts: number[];
  /** Requests that reach over a border: id, start, end, CPU time or `null`. */
  crossing: [id: string, startMicros: number, endMicros: number, micros: number | null][];
}

/** What is counted beside the accounts. */
export interface Sums {
  /** The part of `otherRoots` whose root spans are not in the store. */
  notReceivedMicros: number;
  unsampledMicros: number;
  fallbackChunks: number;
}

/** The accounts that are of no route. */
export const ROUTELESS = ['outsideSpans', 'betweenRequests', 'otherRoots'] as const;
export type Routeless = (typeof ROUTELESS)[number];

/** All accounts of a summary, or of a stored one, by the names of their trees. */
export function accountsOf<A>(routes: Iterable<[string, A]>, others: Readonly<Record<Routeless, A>>): [string, A][] {
  return [
    ...[...routes].map(([route, account]): [string, A] => [`route ${route}`, account]),
    ...ROUTELESS.map((name): [string, A] => [name, others[name]]),
  ];
}

/** What five minutes come to. */
export interface RolledSummary extends Sums, Record<Routeless, RolledAccount> {
  routes: Record<string, RolledAccount>;
  /** Routes that are patterns, and not just the path of a request. */
  patterns: string[];
}

/** A call tree in columns, functions by their numbers in the store. */
export interface RolledTree {
  parent: number[];
  frame: number[];
  selfCpuMicros: number[];
  selfWallMicros: number[];
  samples: number[];
  runs: number[];
  /** How many nodes were left out. */
  pruned: number;
}

export interface Rollup {
  scope: RollupScope;
  summary: RolledSummary;
  /** By account: `route …`, `outsideSpans`, `betweenRequests`, `otherRoots`. */
  trees: Record<string, RolledTree>;
}

/**
 * Sums that were made before anyone asked. A store forgets one as soon as something is written that belongs to its time;
 * whoever makes one says when it began to read, so that what was written meanwhile is not missed. Methods reject with
 * `NP_STORE`.
 */
export interface RollupStore {
  /** How much time one sums up, microseconds. */
  readonly widthMicros: number;
  /** Those that these are the parts of; `null` where a store sums up as quickly without. */
  readonly coarser: CoarserRollups | null;
  /** Starts of the times that something was written to since their rollup, ended by then, the oldest first. */
  stale(endedByMicros: number, limit: number): Promise<number[]>;
  begin(startMicros: number): Promise<string>;
  /**
   * `false`: something was written meanwhile, nothing is kept.
   *
   * @param lacking debug ids of source maps that would have given functions other names, had they been there
   */
  finish(startMicros: number, token: string, rollups: readonly Rollup[], lacking?: readonly string[]): Promise<boolean>;
  /** All maps that were lacking since the last `expire`. */
  lacking(): Promise<string[]>;
  /** Forgets all rollups, and what was lacking. */
  expire(): Promise<void>;
  /** Starts of the times within a range that have their rollup. */
  ready(range: StoreRange): Promise<number[]>;
  /** Those of these times, for everything or what the selection narrows it down to. */
  summaries(startMicros: readonly number[], selection: Selection): AsyncIterable<[startMicros: number, RolledSummary]>;
  /** @param accounts only these */
  trees(
    startMicros: readonly number[],
    selection: Selection,
    accounts?: readonly string[],
  ): AsyncIterable<[account: string, RolledTree]>;
  /** Numbers of functions, given if they have none. */
  numbersOf(functions: readonly ProfiledFunction[]): Promise<number[]>;
  functions(numbers: readonly number[]): Promise<Map<number, ProfiledFunction>>;
}

/** Rollups of longer times, made of those of shorter ones, and stale as long as one of those is. */
export interface CoarserRollups extends RollupStore {
  readonly parts: RollupStore;
  /** How many of the finest buckets of a series are one here. A question about so long a time shows no finer ones. */
  readonly seriesBuckets: number;
  /** Of these of its parts, all but `everything`. */
  scopes(startMicros: readonly number[]): Promise<Exclude<RollupScope, 'everything'>[]>;
}
