import { type BottomUpNode, callersOf, leaves } from '../model/bottom-up.ts';
import type { CallTree } from '../model/call-tree.ts';
import { type SortOrder, sortRows } from '../model/sort-rows.ts';

/** A line of the call tree that can be seen. */
export interface TreeRow {
  /** Unlike every other row's: the way to it. */
  key: string;
  depth: number;
  frame: number;
  self: number;
  total: number;
  runs: number;
  canOpen: boolean;
  isOpen: boolean;
}

/** Rows below rows that are open. */
export function topDownRows(tree: CallTree, open: ReadonlySet<string>, order: SortOrder): TreeRow[] {
  const rows: TreeRow[] = [];
  const weights = order.column === 'self' ? tree.self : tree.total;
  const siblings = (first: number): number[] => {
    const nodes: number[] = [];
    for (let node = first; node >= 0; node = tree.nextSibling[node] as number) {
      if ((tree.total[node] as number) > 0) nodes.push(node);
    }
    return sortRows(nodes, (node) => weights[node] as number, order.ascending);
  };
  const add = (first: number, depth: number): void => {
    for (const node of siblings(first)) {
      const key = String(node);
      const child = tree.firstChild[node] as number;
      const isOpen = open.has(key);
      rows.push({
        key,
        depth,
        frame: tree.frame[node] as number,
        self: tree.self[node] as number,
        total: tree.total[node] as number,
        runs: tree.runs[node] as number,
        canOpen: child >= 0 && (tree.total[child] as number) > 0,
        isOpen,
      });
      if (isOpen) add(child, depth + 1);
    }
  };
  add(tree.firstRoot, 0);
  return rows;
}

/** The same from the leaves: below a function who called it, with the part of its own time that was spent for them. */
export function bottomUpRows(tree: CallTree, open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (nodes: readonly BottomUpNode[], depth: number, way: string): void => {
    for (const node of nodes) {
      const key = `${way}/${node.frame}`;
      const isOpen = open.has(key);
      rows.push({
        key,
        depth,
        frame: node.frame,
        self: depth === 0 ? node.weight : 0,
        total: node.weight,
        runs: node.runs,
        canOpen: node.at.some((at) => (tree.parent[at] as number) >= 0),
        isOpen,
      });
      if (isOpen) add(callersOf(tree, node), depth + 1, key);
    }
  };
  add(leaves(tree), 0, '');
  return rows;
}

/** The keys that must be open for the heaviest way down to be seen, until a node where the weight is its own. */
export function heaviestWay(tree: CallTree): string[] {
  const keys: string[] = [];
  let node = tree.firstRoot;
  while (node >= 0 && (tree.self[node] as number) < (tree.total[node] as number) / 2) {
    keys.push(String(node));
    node = tree.firstChild[node] as number;
  }
  return keys;
}
