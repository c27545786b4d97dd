import type { ProfileStore } from '../store/profile-store.ts';
import { AccountSummary } from './account-summary.ts';
import type { DiffSide } from './api-diff-types.ts';
import type { ComparedFunctions } from './compared-functions.ts';
import { ComparedSide, readSide } from './compared-side.ts';
import { attributed, milliseconds } from './figures.ts';
import type { Filter } from './filter.ts';
import { RoutePatterns } from './request-route.ts';
import type { TimeSlice } from './side-slices.ts';

/** What is compared: where it is stored, and what of it. */
export interface DiffSource {
  store: ProfileStore;
  filter: Filter;
}

/** Every route of one side. */
export class DiffSideReading {
  readonly routes = new Map<string, ComparedSide>();
  /** All requests, and what belongs to none. */
  readonly requests = new ComparedSide();
  readonly outside = new ComparedSide();
  readonly patterns = new Set<string>();
  readonly #filter: Filter;
  readonly #cpu = new AccountSummary();
  #times: TimeSlice[] = [];

  /** Reads all of it. Rejects with `NP_STORE`. */
  static async of({ store, filter }: DiffSource, functions: ComparedFunctions): Promise<DiffSideReading> {
    const reading = new DiffSideReading(filter);
    for await (const [time, summary] of readSide(store, filter, 'none')) {
      const frames = functions.translate(summary.table);
      reading.#times.push(time);
      for (const [route, account] of summary.routes) {
        reading.route(route).add(time, account, frames);
        reading.requests.add(time, account, frames);
        reading.#count(account);
      }
      for (const account of [summary.unattributed(), summary.otherRoots]) {
        reading.outside.add(time, account, frames);
        reading.#count(account);
      }
      for (const pattern of summary.patterns) reading.patterns.add(pattern);
    }
    return reading;
  }

  private constructor(filter: Filter) {
    this.#filter = filter;
  }

  route(name: string): ComparedSide {
    const side = this.routes.get(name) ?? new ComparedSide();
    this.routes.set(name, side);
    return side;
  }

  /** Puts paths under the patterns that either side knows. */
  unite(patterns: RoutePatterns): void {
    for (const [name, side] of [...this.routes]) {
      const pattern = patterns.known.has(name) ? name : patterns.of(name);
      if (pattern === name) continue;
      this.routes.delete(name);
      this.route(pattern).merge(side);
    }
  }

  get answer(): DiffSide {
    const { requests } = this.requests;
    const [first, last] = [this.#times[0], this.#times.at(-1)];
    return {
      requests,
      cpuMsPerRequest: requests === 0 ? null : milliseconds(this.requests.ratio(({ micros }) => micros).value),
      fromMs: (first?.fromMicros ?? 0) / 1e3,
      toMs: (last?.toMicros ?? 0) / 1e3,
      release: this.#filter.release ?? null,
      attribution: this.#cpu.micros === 0 ? null : attributed(this.#cpu, this.#cpu).attribution,
      runs: last === undefined ? 0 : last.run + 1,
    };
  }

  #count({ micros, contextMicros }: AccountSummary): void {
    this.#cpu.micros += micros;
    this.#cpu.contextMicros += contextMicros;
  }
}

/** Reads both, the new one first: where a function is now is what can be looked up. Rejects with `NP_STORE`. */
export async function readBoth(
  base: DiffSource,
  now: DiffSource,
  functions: ComparedFunctions,
): Promise<{ base: DiffSideReading; now: DiffSideReading }> {
  const after = await DiffSideReading.of(now, functions);
  const before = await DiffSideReading.of(base, functions);
  const patterns = new RoutePatterns([...before.patterns, ...after.patterns]);
  for (const side of [before, after]) side.unite(patterns);
  return { base: before, now: after };
}
