import { CallTree } from '../profile/call-tree.ts';
import { FunctionTimes } from '../profile/function-times.ts';
import { jackknifeError } from '../profile/jackknife.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import { ROLLUP_MICROS } from '../store/rollup-store.ts';
import type { AccountSummary } from './account-summary.ts';
import type { ComparedFunctions } from './compared-functions.ts';
import { type Filter, selectionOf } from './filter.ts';
import { summarise } from './summarise.ts';

/** Into how many pieces a side's time is cut to see how much it varies by itself. */
const SLICES = 20;

interface Slice {
  requests: number;
  micros: number;
  functions: FunctionTimes;
}

/** One side of a comparison. Figures are microseconds of CPU per request. */
export class ComparedSide {
  readonly tree = new CallTree();
  readonly slices: Slice[] = [];
  fromMicros = 0;
  toMicros = 0;

  get requests(): number {
    return this.slices.reduce((sum, slice) => sum + slice.requests, 0);
  }

  /** Per request, and its standard error. */
  ratio(part: (slice: Slice) => number): { value: number; error: number | null } {
    const parts = this.slices.map(part);
    const counts = this.slices.map(({ requests }) => requests);
    const sum = parts.reduce((total, micros) => total + micros, 0);
    return { value: this.requests === 0 ? 0 : sum / this.requests, error: jackknifeError(parts, counts) };
  }
}

/** Reads a side, slice by slice. Rejects with `NP_STORE`. */
export async function readSide(
  store: ProfileStore,
  route: string | null,
  filter: Filter,
  functions: ComparedFunctions,
): Promise<ComparedSide> {
  const side = new ComparedSide();
  const selection = await selectionOf(store, filter);
  const sessions = await store.sessions(selection);
  if (sessions.length === 0) return side;
  side.fromMicros = Math.max(selection.fromMicros, Math.min(...sessions.map(({ startMicros }) => startMicros)));
  side.toMicros = Math.min(selection.toMicros, Math.max(...sessions.map(({ endMicros }) => endMicros)) + 1);
  for (const [fromMicros, toMicros] of slicesOf(side.fromMicros, side.toMicros)) {
    const slice = { ...filter, fromMs: fromMicros / 1e3, toMs: toMicros / 1e3 };
    const summary = await summarise(store, slice, route === null ? 'all' : { route });
    const account = route === null ? summary.everything() : summary.routes.get(route);
    if (account === undefined) continue;
    const frames = functions.translate(summary.table);
    const times = new FunctionTimes();
    times.merge(account.functions, frames);
    side.tree.merge(account.tree, frames);
    side.slices.push({
      requests: beginningIn(account, fromMicros, fromMicros === side.fromMicros),
      micros: account.micros,
      functions: times,
    });
  }
  return side;
}

/** Profiled requests, each in the slice in which it begins, or in the first. */
function beginningIn({ wholeCosts, crossing }: AccountSummary, fromMicros: number, isFirst: boolean): number {
  const begun = [...crossing.values()].filter((request) => isFirst || request.startMicros >= fromMicros);
  return wholeCosts.count + begun.filter(({ micros }) => micros !== null).length;
}

/** Equal pieces; of a long time such that rollups answer them. */
function slicesOf(fromMicros: number, toMicros: number): [from: number, to: number][] {
  const exact = Math.max(1, (toMicros - fromMicros) / SLICES);
  const width = exact < ROLLUP_MICROS ? exact : Math.ceil(exact / ROLLUP_MICROS) * ROLLUP_MICROS;
  const slices: [number, number][] = [];
  let at = fromMicros;
  while (at < toMicros) {
    const next = exact < ROLLUP_MICROS ? at + width : (Math.floor(at / width) + 1) * width;
    // What is left over is no slice of its own.
    const until = next > toMicros - width / 10 ? toMicros : Math.round(next);
    slices.push([Math.round(at), until]);
    at = until;
  }
  return slices;
}
