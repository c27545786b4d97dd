import type { CallTree } from '../profile/call-tree.ts';
import type { RolledAccount, RolledTree } from '../store/rollup-store.ts';
import { type AccountSummary, LATE_MICROS } from './account-summary.ts';

/** Numbers of functions of the one, by those of the other. */
export type Renumber = (number: number) => number;

/** Accounts as they are stored, and back. */

/** @param seriesBuckets how many buckets of the series are put together */
export function rolledAccount(account: AccountSummary, numberOf: Renumber, seriesBuckets: number): RolledAccount {
  const { selfMicros, totalMicros } = account.functions;
  return {
    micros: account.micros,
    contextMicros: account.contextMicros,
    series: [...widened(account.series, seriesBuckets)].flat(),
    functions: totalMicros.flatMap((total, frame) =>
      total > 0 ? [numberOf(frame), selfMicros[frame] ?? 0, total] : [],
    ),
    wholeRequests: account.wholeRequests,
    wholeCosts: account.wholeCosts.pairs(),
    crossing: [...account.crossing].map(([id, { startMicros, endMicros, micros }]) => [
      id,
      startMicros,
      endMicros,
      micros,
    ]),
  };
}

/**
 * Adds a stored account to one of a summary.
 *
 * @param fromMicros where the summary begins
 * @param startMicros where the stored one does
 */
export function addRolled(
  into: AccountSummary,
  rolled: RolledAccount,
  numberOf: Renumber,
  fromMicros: number,
  startMicros: number,
): void {
  into.micros += rolled.micros;
  into.contextMicros += rolled.contextMicros;
  for (let index = 0; index < rolled.series.length; index += 2) {
    into.addSeries([[rolled.series[index] ?? 0, rolled.series[index + 1] ?? 0]]);
  }
  const { functions } = rolled;
  for (let index = 0; index < functions.length; index += 3) {
    into.functions.add(numberOf(functions[index] ?? 0), functions[index + 1] ?? 0, functions[index + 2] ?? 0);
  }
  into.wholeRequests += rolled.wholeRequests;
  for (let index = 0; index < rolled.wholeCosts.length; index += 2) {
    into.wholeCosts.add(rolled.wholeCosts[index] ?? 0, rolled.wholeCosts[index + 1] ?? 0);
  }
  for (const [id, start, end, micros] of rolled.crossing) {
    // Long over when this began, and counted as whole before: only its CPU time is late.
    if (start >= fromMicros && end < startMicros - LATE_MICROS) continue;
    into.addCrossing(id, { startMicros: start, endMicros: end, micros });
  }
}

function widened(series: ReadonlyMap<number, number>, buckets: number): Map<number, number> {
  const wide = new Map<number, number>();
  for (const [bucket, micros] of series) {
    const first = Math.floor(bucket / buckets) * buckets;
    wide.set(first, (wide.get(first) ?? 0) + micros);
  }
  return wide;
}

/** A tree, functions by the store's numbers. */
export function rolledTree(tree: CallTree, numberOf: Renumber, pruned: number): RolledTree {
  const { parent, frame, selfCpuMicros, selfWallMicros, samples, runs } = tree;
  return { parent, frame: frame.map(numberOf), selfCpuMicros, selfWallMicros, samples, runs, pruned };
}
