import { accountsOf, type RolledSummary, type RollupStore } from '../store/rollup-store.ts';
import { RoutePatterns } from './request-route.ts';
import { addRolled, type Renumber } from './rolled-accounts.ts';
import type { Summary } from './summary.ts';

/** Of which accounts call trees are wanted; they are what takes time. */
export type TreeWish = 'none' | 'all' | { route: string };

/** Adds what was summed up of these times, which lie in the summary's range, and next to each other or not. Rejects with `NP_STORE`. */
export async function addRollups(
  rollups: RollupStore,
  summary: Summary,
  starts: readonly number[],
  trees: TreeWish,
): Promise<void> {
  const { selection, table } = summary;
  const rolled: [start: number, RolledSummary][] = [];
  for await (const row of rollups.summaries(starts, selection)) rolled.push(row);
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
    for (const [number, of] of await rollups.functions(strange)) rows[number] = table.numberOf(of);
  };
  await learn(used);
  for (const [start, one] of rolled) {
    for (const [name, account] of accountsOf(Object.entries(one.routes), one)) {
      addRolled(summary.named(name), account, numberOf, selection.fromMicros, start);
    }
    summary.addSums(one);
  }
  if (trees === 'none') return;
  for await (const [name, tree] of rollups.trees(starts, selection, accountsFor(summary, trees))) {
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
