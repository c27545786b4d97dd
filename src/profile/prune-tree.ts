import { CallTree } from './call-tree.ts';
import type { FunctionTable, ProfiledFunction } from './function-table.ts';

/** Stands for the nodes that were left out below its caller. */
const PRUNED: ProfiledFunction = { name: '(pruned)', kind: 'pruned', file: '', line: 0, column: 0 };

/**
 * The tree with its largest nodes only, by the total of whichever of CPU and wall time says more. What is left out is added
 * up in one child `(pruned)` of where it was, so that every sum stays what it is.
 */
export function pruneTree(tree: CallTree, limit: number, table: FunctionTable): { tree: CallTree; pruned: number } {
  if (tree.size <= limit) return { tree, pruned: 0 };
  const size = tree.totals(tree.selfCpuMicros);
  for (const [node, wall] of tree.totals(tree.selfWallMicros).entries()) size[node] = Math.max(size[node] ?? 0, wall);
  // A caller is at least as large as what it calls and comes first among equals, so no kept node loses its caller.
  const order = Array.from(size.keys()).sort((a, b) => (size[b] ?? 0) - (size[a] ?? 0) || a - b);
  const kept = new Set(order.slice(0, limit));
  const result = new CallTree();
  const stand = table.numberOf(PRUNED);
  const nodes = new Int32Array(tree.size);
  for (let node = 0; node < tree.size; node++) {
    const parent = tree.parent[node] ?? -1;
    const into = parent === -1 ? -1 : (nodes[parent] ?? -1);
    const isBelowPruned = parent !== -1 && !kept.has(parent);
    nodes[node] = isBelowPruned ? into : result.childOf(into, kept.has(node) ? (tree.frame[node] ?? 0) : stand);
    result.add(nodes[node] ?? 0, {
      cpuMicros: tree.selfCpuMicros[node] ?? 0,
      wallMicros: tree.selfWallMicros[node] ?? 0,
      samples: tree.samples[node] ?? 0,
    });
    if (!isBelowPruned) result.runs[nodes[node] ?? 0] = (result.runs[nodes[node] ?? 0] ?? 0) + (tree.runs[node] ?? 0);
  }
  return { tree: result, pruned: tree.size - kept.size };
}
