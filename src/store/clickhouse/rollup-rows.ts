import {
  accountsOf,
  type RolledAccount,
  type RolledSummary,
  type RolledTree,
  type Rollup,
  type RollupScope,
  type Sums,
} from '../rollup-store.ts';
import type { Row } from './rows.ts';
import { numberOf } from './stable-numbers.ts';

/** Rollups as rows of the ClickHouse store, and back. */

export const scopeRow = (startMicros: number, revision: number, { scope, summary }: Rollup): Row => ({
  ...headOf(startMicros, revision, scope),
  patterns: summary.patterns,
  not_received_us: summary.notReceivedMicros,
  unsampled_us: summary.unsampledMicros,
  fallback_chunks: summary.fallbackChunks,
});

export const accountRows = (startMicros: number, revision: number, { scope, summary, trees }: Rollup): Row[] =>
  accountsOf(Object.entries(summary.routes), summary).map(([account, rolled]) => ({
    ...headOf(startMicros, revision, scope),
    account: account,
    micros: rolled.micros,
    context_micros: rolled.contextMicros,
    whole_requests: rolled.wholeRequests,
    whole_costs: tuplesOf(rolled.wholeCosts, 2),
    series: tuplesOf(rolled.series, 2),
    crossing: rolled.crossing,
    functions: tuplesOf(rolled.functions, 3),
    ...treeColumns(trees[account]),
  }));

function headOf(startMicros: number, revision: number, scope: RollupScope): Row {
  const { release, environment } = scope === 'everything' ? { release: null, environment: null } : scope;
  return { start_us: startMicros, revision, everything: Number(scope === 'everything'), release, environment };
}

/** A node's number is that of the functions which lead to it, so trees of different times share it. */
function treeColumns(tree: RolledTree | undefined): Row {
  if (tree === undefined) return { pruned: 0, nodes: [] };
  const numbers: number[] = [];
  const depths: number[] = [];
  const nodes = tree.frame.map((frame, node) => {
    const parent = tree.parent[node] ?? -1;
    const above = parent === -1 ? 0 : (numbers[parent] ?? 0);
    const number = numberOf(`${above} ${frame}`);
    const depth = parent === -1 ? 0 : (depths[parent] ?? 0) + 1;
    numbers.push(number);
    depths.push(depth);
    const weights = [tree.selfCpuMicros, tree.selfWallMicros, tree.samples, tree.runs].map(
      (column) => column[node] ?? 0,
    );
    return [number, above, depth, frame, ...weights];
  });
  return { pruned: tree.pruned, nodes };
}

type Weights = [selfCpu: number, selfWall: number, samples: number, runs: number];

/** The nodes of many rollups, summed up by their numbers. */
export interface NodeSums {
  account: string;
  nodes: [depth: number, node: number, parent: number, frame: number, ...weights: Weights][];
  pruned: number;
}

export function treeOf({ nodes, pruned }: NodeSums): RolledTree {
  // What calls comes before what is called.
  nodes.sort(([a], [b]) => a - b);
  const rows = new Map(nodes.map(([, node], row) => [node, row]));
  const column = (of: 3 | 4 | 5 | 6 | 7) => nodes.map((node) => node[of]);
  return {
    parent: nodes.map(([, , parent]) => rows.get(parent) ?? -1),
    frame: column(3),
    selfCpuMicros: column(4),
    selfWallMicros: column(5),
    samples: column(6),
    runs: column(7),
    pruned,
  };
}

export type ScopeSums = Sums & Pick<RolledSummary, 'patterns'>;

export interface AccountSums extends Pick<RolledAccount, 'micros' | 'contextMicros' | 'wholeRequests'> {
  account: string;
  wholeCosts: [micros: number, requests: number][];
  series: [bucket: number, micros: number][];
  functions: [number: number, selfMicros: number, totalMicros: number][];
}

/** A summary of these accounts; what is left out is empty. */
export function summaryOf(scope: ScopeSums, accounts: Iterable<[account: string, RolledAccount]>): RolledSummary {
  const all = new Map(accounts);
  const named = (name: string) => all.get(name) ?? emptyAccount();
  return {
    ...scope,
    routes: Object.fromEntries(
      [...all].filter(([name]) => name.startsWith('route ')).map(([name, account]) => [name.slice(6), account]),
    ),
    outsideSpans: named('outsideSpans'),
    betweenRequests: named('betweenRequests'),
    otherRoots: named('otherRoots'),
  };
}

export const NO_SCOPE: ScopeSums = {
  patterns: [],
  notReceivedMicros: 0,
  unsampledMicros: 0,
  fallbackChunks: 0,
};

export const accountOf = ({
  account,
  series,
  functions,
  wholeCosts,
  ...sums
}: AccountSums): [string, RolledAccount] => [
  account,
  { ...sums, wholeCosts: wholeCosts.flat(), series: series.flat(), functions: functions.flat(), crossing: [] },
];

export const emptyAccount = (crossing: RolledAccount['crossing'] = []): RolledAccount => ({
  micros: 0,
  contextMicros: 0,
  series: [],
  functions: [],
  wholeRequests: 0,
  wholeCosts: [],
  crossing,
});

function tuplesOf(flat: readonly number[], width: number): number[][] {
  return Array.from({ length: flat.length / width }, (_, index) => flat.slice(index * width, (index + 1) * width));
}
