import type { ProfileStore } from '../store/profile-store.ts';
import { accountsOf, ROLLUP_MICROS, type RolledSummary } from '../store/rollup-store.ts';
import type { Selection } from '../store/selection.ts';
import { settleAccounts } from './accounts.ts';
import { type Filter, selectionOf } from './filter.ts';
import { RoutePatterns } from './request-route.ts';
import { addRolled, type Renumber } from './rolled-accounts.ts';
import { Summary, summaryOf } from './summary.ts';

/** Of which accounts call trees are wanted; they are what takes time. */
export type TreeWish = 'none' | 'all' | { route: string };

/**
 * Sums up what is asked for: from rollups where there are some, from chunks where there are none yet and at the ends of the
 * range. Rejects with `NP_STORE`.
 */
export async function summarise(store: ProfileStore, filter: Filter, trees: TreeWish): Promise<Summary> {
  const { session, threadId, traceId, spanId } = filter;
  const isNarrow = [session, threadId, traceId, spanId].some((part) => part !== undefined);
  const selection = await selectionOf(store, filter);
  const starts = isNarrow ? [] : await store.rollups.ready(selection);
  if (starts.length === 0) return summaryOf(await settleAccounts(store, filter));
  const summary = new Summary(selection);
  for (const [fromMicros, toMicros] of gapsBetween(starts, selection)) {
    const gap = { ...filter, fromMs: fromMicros / 1e3, toMs: toMicros / 1e3 };
    summary.merge(summaryOf(await settleAccounts(store, gap)));
  }
  await addRollups(store, summary, starts, trees);
  summary.unite();
  return summary;
}

/** What of a range is in none of the rollups. */
function gapsBetween(starts: readonly number[], { fromMicros, toMicros }: Selection): [from: number, to: number][] {
  const gaps: [number, number][] = [];
  let at = fromMicros;
  for (const start of starts) {
    if (start > at) gaps.push([at, start]);
    at = start + ROLLUP_MICROS;
  }
  if (toMicros > at) gaps.push([at, toMicros]);
  return gaps;
}

async function addRollups(
  store: ProfileStore,
  summary: Summary,
  starts: readonly number[],
  trees: TreeWish,
): Promise<void> {
  const { selection, table } = summary;
  const rolled: [start: number, RolledSummary][] = [];
  for await (const row of store.rollups.summaries(starts, selection)) rolled.push(row);
  const used = new Set<number>();
  for (const [, one] of rolled) {
    for (const [, { functions }] of accountsOf(Object.entries(one.routes), one)) {
      for (let index = 0; index < functions.length; index += 3) used.add(functions[index] ?? 0);
    }
    for (const pattern of one.patterns) summary.patterns.add(pattern);
  }
  const rows: number[] = [];
  const numberOf: Renumber = (number) => rows[number] ?? 0;
  const learn = async (numbers: Iterable<number>): Promise<void> => {
    const strange = [...numbers].filter((number) => rows[number] === undefined);
    if (strange.length === 0) return;
    for (const [number, of] of await store.rollups.functions(strange)) rows[number] = table.numberOf(of);
  };
  await learn(used);
  for (const [start, one] of rolled) {
    for (const [name, account] of accountsOf(Object.entries(one.routes), one)) {
      addRolled(summary.named(name), account, numberOf, selection.fromMicros, start);
    }
    summary.addSums(one);
  }
  if (trees === 'none') return;
  for await (const [name, tree] of store.rollups.trees(starts, selection, accountsFor(summary, trees))) {
    await learn(tree.frame);
    const account = summary.named(name);
    account.tree.merge(tree, numberOf);
    account.prunedNodes += tree.pruned;
  }
}

/** The accounts whose trees are wanted: a route may be stored under paths that fit it. */
function accountsFor({ routes, patterns }: Summary, trees: TreeWish): string[] | undefined {
  if (typeof trees === 'string') return undefined;
  const known = new RoutePatterns(patterns);
  const names = [...routes.keys()].filter((name) => name === trees.route || known.of(name) === trees.route);
  return names.map((name) => `route ${name}`);
}
