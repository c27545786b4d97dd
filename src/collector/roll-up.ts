import { pruneTree } from '../profile/prune-tree.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import { accountsOf, ROLLUP_MICROS, type Rollup, type RollupScope, type RollupStore } from '../store/rollup-store.ts';
import type { AccountSummary } from './account-summary.ts';
import { settleAccounts } from './accounts.ts';
import { type Renumber, rolledAccount, rolledTree } from './rolled-accounts.ts';
import { type Summary, summaryOf } from './summary.ts';

/** Largest call tree that is stored per account and five minutes; what is left out is summed up in its place. */
const MOST_NODES = 2_000;

/**
 * Sums up five minutes with the very code that answers questions about them, for everything and for each release and
 * environment. Resolves to whether that was kept: not if something was written meanwhile. Rejects with `NP_STORE`.
 *
 * @param rest is waited for after each chunk
 */
export async function rollUp(store: ProfileStore, startMicros: number, rest?: () => Promise<void>): Promise<boolean> {
  const token = await store.rollups.begin(startMicros);
  const everything = await rollupOf(store, startMicros, 'everything', rest);
  const rollups = [everything];
  const scopes = await scopesOf(store, startMicros);
  for (const scope of scopes) {
    // Most stores hold one release in one environment: then that is everything.
    rollups.push(scopes.length === 1 ? { ...everything, scope } : await rollupOf(store, startMicros, scope, rest));
  }
  return store.rollups.finish(startMicros, token, rollups);
}

async function scopesOf(store: ProfileStore, startMicros: number): Promise<Exclude<RollupScope, 'everything'>[]> {
  const range = { fromMicros: startMicros, toMicros: startMicros + ROLLUP_MICROS };
  const all = [...(await store.sessions(range)), ...(await store.requests(range))];
  const scopes = all.map(({ release, environment }) => ({ release, environment }));
  return [...new Map(scopes.map((scope) => [JSON.stringify(scope), scope])).values()];
}

async function rollupOf(
  store: ProfileStore,
  startMicros: number,
  scope: RollupScope,
  rest?: () => Promise<void>,
): Promise<Rollup> {
  const { release, environment } = scope === 'everything' ? {} : scope;
  const filter = {
    fromMs: startMicros / 1e3,
    toMs: (startMicros + ROLLUP_MICROS) / 1e3,
    // It is over.
    settled: true,
    ...(release !== undefined && { release: release ?? '' }),
    ...(environment !== undefined && { environment: environment ?? '' }),
  };
  const accounts = await settleAccounts(store, filter, rest);
  return storable(store.rollups, summaryOf(accounts), scope, 1);
}

/** A summary as a store keeps it. */
export async function storable(
  rollups: RollupStore,
  summary: Summary,
  scope: RollupScope,
  seriesBuckets: number,
): Promise<Rollup> {
  const trees = accountsOf(summary.routes, summary).map(([name, { tree, prunedNodes }]) => {
    const { tree: pruned, pruned: nodes } = pruneTree(tree, MOST_NODES, summary.table);
    return { name, tree: pruned, nodes: nodes + prunedNodes };
  });
  // After pruning, which makes a function of its own.
  const numbers = await rollups.numbersOf(summary.table.functions);
  const numberOf: Renumber = (frame) => numbers[frame] ?? 0;
  const rolled = (account: AccountSummary) => rolledAccount(account, numberOf, seriesBuckets);
  return {
    scope,
    summary: {
      routes: Object.fromEntries([...summary.routes].map(([name, account]) => [name, rolled(account)])),
      patterns: [...summary.patterns],
      outsideSpans: rolled(summary.outsideSpans),
      betweenRequests: rolled(summary.betweenRequests),
      otherRoots: rolled(summary.otherRoots),
      ...summary.sums,
    },
    trees: Object.fromEntries(
      trees
        .filter(({ tree }) => tree.size > 0)
        .map(({ name, tree, nodes }) => [name, rolledTree(tree, numberOf, nodes)]),
    ),
  };
}
