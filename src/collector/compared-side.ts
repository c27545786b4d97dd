import { jackknifeError } from '../profile/jackknife.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import type { AccountSummary } from './account-summary.ts';
import type { TreeWish } from './add-rollups.ts';
import { type Filter, selectionOf } from './filter.ts';
import { MARGIN_MICROS, slicesOf, type TimeSlice } from './side-slices.ts';
import { groupsOf, runsOf, type SliceGroup } from './slice-groups.ts';
import { summarise } from './summarise.ts';
import type { Summary } from './summary.ts';

/**
 * By how much a run differs from the next of the same build, as a share: how a process is compiled and placed in memory, and
 * what else the machine does. Of eighty processes of one build, under the same load on a quiet virtual machine, it was 5 %.
 */
const LUCK_OF_RUN = 0.04;
/**
 * So many runs that assumption is worth. Two runs say next to nothing about how runs differ: they may agree, or not, by chance.
 * What is seen is therefore taken together with what is assumed, as in an empirical Bayes estimate of a variance.
 */
const ASSUMED_RUNS = 4;

interface FunctionMicros {
  self: number;
  total: number;
}

/** What one slice of a side's time comes to. */
export interface SideSlice {
  /** With parts of those that reach over its borders. */
  requests: number;
  micros: number;
  /** By the comparison's number of the function; those without any time are missing. */
  readonly functions: Map<number, FunctionMicros>;
}

/** A figure per request, and its standard error. */
export interface Ratio {
  value: number;
  /** `null` where less than two slices have requests. */
  error: number | null;
}

/** One account of one side of a comparison. Figures are microseconds of CPU per request. */
export class ComparedSide {
  readonly #slices = new Map<TimeSlice, SideSlice>();

  get requests(): number {
    return Math.round(this.#requests);
  }

  /** How many pieces of its time have requests enough to say how much it varies. */
  get pieces(): number {
    return this.#groups(() => 0, this).filter(({ requests }) => requests >= 0.5).length;
  }

  /** Every function that had time. */
  get functions(): Set<number> {
    return new Set([...this.#slices.values()].flatMap(({ functions }) => [...functions.keys()]));
  }

  /** Adds what an account of that time came to. `frames` translates its functions' numbers. */
  add(time: TimeSlice, account: AccountSummary, frames: (frame: number) => number): void {
    const slice = this.#sliceAt(time);
    slice.requests += requestsIn(account, time);
    slice.micros += account.micros;
    const { selfMicros, totalMicros } = account.functions;
    for (const [frame, self] of selfMicros.entries()) addTo(slice, frames(frame), self, totalMicros[frame] ?? 0);
  }

  merge(other: ComparedSide): void {
    for (const [time, { requests, micros, functions }] of other.#slices) {
      const slice = this.#sliceAt(time);
      slice.requests += requests;
      slice.micros += micros;
      for (const [number, { self, total }] of functions) addTo(slice, number, self, total);
    }
  }

  /**
   * Per request. Its error is what is seen from slice to slice, and the luck of runs, which is the same in all slices of one.
   *
   * @param counted whose requests count; this side's own if nothing is said
   */
  ratio(part: (slice: SideSlice) => number, counted: ComparedSide = this): Ratio {
    const groups = this.#groups(part, counted);
    const runs = runsOf(groups);
    const requests = counted.#requests;
    const value = requests === 0 ? 0 : sumOf(groups.map((group) => group.part)) / requests;
    const ofGroups = errorOf(groups);
    if (ofGroups === null) return { value, error: null };
    const assumed = (LUCK_OF_RUN * value) ** 2 / runs.length;
    // What runs differ by and slices do not explain.
    const seen = Math.max(0, (errorOf(runs) ?? 0) ** 2 - ofGroups ** 2);
    const more = runs.length - 1;
    const ofLuck = (ASSUMED_RUNS * assumed + more * seen) / (ASSUMED_RUNS + more);
    return { value, error: Math.sqrt(ofGroups ** 2 + ofLuck) };
  }

  #groups(part: (slice: SideSlice) => number, counted: ComparedSide): SliceGroup[] {
    const slices = [...counted.#slices].map(([time, { requests }]): [TimeSlice, number, number] => {
      const own = this.#slices.get(time);
      return [time, own === undefined ? 0 : part(own), requests];
    });
    return groupsOf(slices.sort(([a], [b]) => a.fromMicros - b.fromMicros));
  }

  get #requests(): number {
    return sumOf([...this.#slices.values()].map(({ requests }) => requests));
  }

  #sliceAt(time: TimeSlice): SideSlice {
    const slice = this.#slices.get(time) ?? { requests: 0, micros: 0, functions: new Map() };
    this.#slices.set(time, slice);
    return slice;
  }
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const errorOf = (pieces: readonly SliceGroup[]): number | null =>
  jackknifeError(
    pieces.map(({ part }) => part),
    pieces.map(({ requests }) => requests),
  );

/** Sums up a side, slice by slice. Rejects with `NP_STORE`. */
export async function* readSide(
  store: ProfileStore,
  filter: Filter,
  trees: TreeWish,
): AsyncGenerator<[TimeSlice, Summary]> {
  const selection = await selectionOf(store, filter);
  // Imported profiles are no part of what the app used.
  const sessions = (await store.sessions(selection)).filter(({ kind }) => kind !== 'import' || filter.session);
  for (const time of slicesOf(selection, sessions)) {
    const fromMs = (time.fromMicros - (time.opens ? MARGIN_MICROS : 0)) / 1e3;
    const toMs = (time.toMicros + (time.closes ? MARGIN_MICROS : 0)) / 1e3;
    yield [time, await summarise(store, { ...filter, fromMs, toMs }, trees)];
  }
}

function addTo({ functions }: SideSlice, number: number, self: number, total: number): void {
  if (total === 0) return;
  const known = functions.get(number) ?? { self: 0, total: 0 };
  known.self += self;
  known.total += total;
  functions.set(number, known);
}

/** Profiled requests; of one that reaches over a border the part of its time that is here, as its CPU time is. */
function requestsIn(
  { wholeCosts, crossing }: AccountSummary,
  { fromMicros, toMicros, opens, closes }: TimeSlice,
): number {
  // One that woke the profiler began before its first sample.
  const [from, to] = [opens ? Number.NEGATIVE_INFINITY : fromMicros, closes ? Number.POSITIVE_INFINITY : toMicros];
  let parts = wholeCosts.count;
  for (const { startMicros, endMicros, micros } of crossing.values()) {
    if (micros === null) continue;
    const duration = Math.max(1, endMicros - startMicros);
    parts += Math.max(0, Math.min(to, startMicros + duration) - Math.max(from, startMicros)) / duration;
  }
  return parts;
}
