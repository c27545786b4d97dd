import type { CallTree } from '../profile/call-tree.ts';
import type { ProfiledFunction } from '../profile/function-table.ts';
import { pruneTree } from '../profile/prune-tree.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import type { CallTreeColumns, FrameColumns, TreeAnswer } from './api-profile-types.ts';
import { attributed } from './figures.ts';
import type { Filter } from './filter.ts';
import { FrameList } from './frame-list.ts';
import { summarise } from './summarise.ts';
import { rangeOf } from './summary.ts';

/** More than a page can show at once. */
export const MOST_NODES = 500_000;

/**
 * The merged call tree of one route, or, for `null`, of everything. `null` if the range has no request of the route.
 * Rejects with `NP_STORE`.
 */
export async function queryTree(
  store: ProfileStore,
  route: string | null,
  filter: Filter = {},
  nodes: number = MOST_NODES,
): Promise<TreeAnswer | null> {
  const summary = await summarise(store, filter, route === null ? 'all' : { route });
  const everything = summary.everything();
  const account = route === null ? everything : summary.routes.get(route);
  if (account === undefined) return null;
  const { tree, pruned } = pruneTree(account.tree, nodes, summary.table);
  const { frames, columns } = treeColumns(tree, summary.table.functions);
  return {
    ...attributed(account, everything),
    ...(await rangeOf(store, summary)),
    requests: account.requests,
    frames,
    nodes: columns,
    prunedNodes: pruned + account.prunedNodes,
  };
}

/** A tree's columns, and the functions that are in it. */
function treeColumns(
  { parent, frame, selfCpuMicros, selfWallMicros, samples, runs }: CallTree,
  functions: readonly ProfiledFunction[],
): { frames: FrameColumns; columns: CallTreeColumns } {
  const used = new FrameList(functions);
  const columns = {
    parent,
    frame: frame.map((number) => used.rowOf(number)),
    selfCpuMicros: selfCpuMicros.map(thousandths),
    selfWallMicros: selfWallMicros.map(thousandths),
    samples: samples.map(thousandths),
    runs,
  };
  return { frames: used.columns, columns };
}

/** Parts of a sample that requests share are no whole numbers; more digits than this say nothing. */
const thousandths = (value: number): number => Math.round(value * 1e3) / 1e3;
