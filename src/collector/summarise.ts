import type { ProfileStore } from '../store/profile-store.ts';
import { ROLLUP_MICROS, type RollupStore } from '../store/rollup-store.ts';
import type { Selection, StoreRange } from '../store/selection.ts';
import { settleAccounts } from './accounts.ts';
import { addRollups, type TreeWish } from './add-rollups.ts';
import { type Filter, selectionOf } from './filter.ts';
import { Summary, summaryOf } from './summary.ts';

/**
 * Sums up what is asked for: from rollups where there are some, from chunks where there are none yet and at the ends of the
 * range. Rejects with `NP_STORE`.
 */
export async function summarise(store: ProfileStore, filter: Filter, trees: TreeWish): Promise<Summary> {
  const { session, threadId, traceId, spanId } = filter;
  const isNarrow = [session, threadId, traceId, spanId].some((part) => part !== undefined);
  const selection = await selectionOf(store, filter);
  const { rolled, gaps } = isNarrow ? NOTHING_ROLLED : await coverageOf(store, selection);
  if (rolled.length === 0) return summaryOf(await settleAccounts(store, filter));
  const summary = new Summary(selection);
  for (const { fromMicros, toMicros } of gaps) {
    const gap = { ...filter, fromMs: fromMicros / 1e3, toMs: toMicros / 1e3 };
    summary.merge(summaryOf(await settleAccounts(store, gap)));
  }
  for (const [rollups, starts] of rolled) await addRollups(rollups, summary, starts, trees);
  summary.unite();
  return summary;
}

/** What a range is answered from: rollups and what lies between them. */
interface Coverage {
  rolled: [rollups: RollupStore, starts: number[]][];
  gaps: StoreRange[];
}

const NOTHING_ROLLED: Coverage = { rolled: [], gaps: [] };

/** The longest rollups that there are, and shorter ones where there are none. */
async function coverageOf(store: ProfileStore, selection: Selection): Promise<Coverage> {
  const levels: RollupStore[] = [];
  for (let level: RollupStore | null = store.rollups; level !== null; level = level.coarser) levels.unshift(level);
  const rolled: Coverage['rolled'] = [];
  let gaps: StoreRange[] = [await storedPart(store, selection)];
  for (const rollups of levels) {
    const left: StoreRange[] = [];
    for (const gap of gaps) {
      const starts = await rollups.ready(gap);
      if (starts.length > 0) rolled.push([rollups, starts]);
      left.push(...gapsBetween(starts, gap, rollups.widthMicros));
    }
    gaps = left;
  }
  return { rolled, gaps };
}

/** What long rollups say of when something was is too coarse for a range that has much less in it than they have. */
async function storedPart(store: ProfileStore, { fromMicros, toMicros }: StoreRange): Promise<StoreRange> {
  const { startMicros, endMicros } = await store.extent();
  if (startMicros === null || endMicros === null) return { fromMicros, toMicros };
  const [first, last] = [Math.floor(startMicros / ROLLUP_MICROS), Math.ceil(endMicros / ROLLUP_MICROS)];
  return {
    fromMicros: Math.max(fromMicros, first * ROLLUP_MICROS),
    // What belongs to the last requests may come a little later.
    toMicros: Math.min(toMicros, (last + 1) * ROLLUP_MICROS),
  };
}

/** What of a range is in none of the rollups. */
function gapsBetween(
  starts: readonly number[],
  { fromMicros, toMicros }: StoreRange,
  widthMicros: number,
): StoreRange[] {
  const gaps: StoreRange[] = [];
  let at = fromMicros;
  for (const start of starts) {
    if (start > at) gaps.push({ fromMicros: at, toMicros: start });
    at = start + widthMicros;
  }
  if (toMicros > at) gaps.push({ fromMicros: at, toMicros });
  return gaps;
}
