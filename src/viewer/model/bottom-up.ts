import type { CallTree } from './call-tree.ts';

/**
 * A row of the inverted tree: a function, and below it who called it. It stands for stretches of call tree nodes, each
 * with the weight that it had at the leaf; callers are found when they are asked for, since all of them are too many.
 */
export interface BottomUpNode {
  frame: number;
  /** Own weight of the leaf function in stacks that end in this row's calls. */
  weight: number;
  /** Runs are of the leaf: how often it was seen to begin here. */
  runs: number;
  /** Call tree nodes at this row's frame. */
  readonly at: readonly number[];
  /** Weight and runs of the leaf that each of `at` stands for. */
  readonly weights: readonly number[];
  readonly leafRuns: readonly number[];
}

/** The functions that have weight of their own, heaviest first. */
export function leaves(tree: CallTree): BottomUpNode[] {
  const nodes = Array.from({ length: tree.size }, (_, node) => node).filter((node) => tree.self[node] !== 0);
  return grouped(
    tree,
    nodes,
    nodes.map((node) => tree.self[node] as number),
    nodes.map((node) => tree.runs[node] as number),
  );
}

/** Who called a row, heaviest first. */
export function callersOf(tree: CallTree, { at, weights, leafRuns }: BottomUpNode): BottomUpNode[] {
  const kept = at.map((node, index) => [tree.parent[node] as number, index] as const).filter(([above]) => above >= 0);
  return grouped(
    tree,
    kept.map(([above]) => above),
    kept.map(([, index]) => weights[index] as number),
    kept.map(([, index]) => leafRuns[index] as number),
  );
}

function grouped(tree: CallTree, at: number[], weights: number[], leafRuns: number[]): BottomUpNode[] {
  const groups = new Map<
    number,
    { at: number[]; weights: number[]; leafRuns: number[]; weight: number; runs: number }
  >();
  at.forEach((node, index) => {
    const frame = tree.frame[node] as number;
    let group = groups.get(frame);
    if (group === undefined) {
      group = { at: [], weights: [], leafRuns: [], weight: 0, runs: 0 };
      groups.set(frame, group);
    }
    group.at.push(node);
    group.weights.push(weights[index] as number);
    group.leafRuns.push(leafRuns[index] as number);
    group.weight += weights[index] as number;
    group.runs += leafRuns[index] as number;
  });
  return [...groups]
    .map(([frame, group]) => ({ frame, ...group }))
    .sort((a, b) => b.weight - a.weight || a.frame - b.frame);
}
