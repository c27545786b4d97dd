/** Stacks as a tree: a node is a stack, its parent the stack without the leaf. Parents come before their children. */
export interface TreeColumns {
  /** Index of the parent; -1 for a root. */
  parent: ArrayLike<number>;
  /** Index of the frame. */
  frame: ArrayLike<number>;
}

/** A call tree with one weight: columns by node, in the order of `TreeColumns`. */
export interface CallTree {
  readonly size: number;
  readonly parent: Int32Array;
  readonly frame: Int32Array;
  /** Weight in the node itself. */
  readonly self: Float64Array;
  /** Weight in the node and below. */
  readonly total: Float64Array;
  /** Runs of consecutive samples with this node on the stack: how often it was seen to begin. */
  readonly runs: Float64Array;
  /** Index of the first child, the heaviest; -1 for none. */
  readonly firstChild: Int32Array;
  /** Index of the next lighter child of the same parent; -1 for none. */
  readonly nextSibling: Int32Array;
  /** The heaviest root; -1 in an empty tree. */
  readonly firstRoot: number;
  /** Weight of all roots. */
  readonly weight: number;
}

/** Computes totals and orders children by weight. */
export function callTree(nodes: TreeColumns, self: ArrayLike<number>, runs: ArrayLike<number>): CallTree {
  const size = nodes.parent.length;
  const parent = Int32Array.from(nodes.parent);
  const total = Float64Array.from(self);
  for (let node = size - 1; node >= 0; node--) {
    const above = parent[node] as number;
    if (above >= 0) total[above] = (total[above] as number) + (total[node] as number);
  }
  const { firstChild, nextSibling, firstRoot } = linkChildren(parent, total);
  let weight = 0;
  for (let root = firstRoot; root >= 0; root = nextSibling[root] as number) weight += total[root] as number;
  return {
    size,
    parent,
    frame: Int32Array.from(nodes.frame),
    self: Float64Array.from(self),
    total,
    runs: Float64Array.from(runs),
    firstChild,
    nextSibling,
    firstRoot,
    weight,
  };
}

/** Links siblings from the heaviest to the lightest: going through all nodes from the lightest, each goes to the front. */
function linkChildren(parent: Int32Array, total: Float64Array) {
  const byWeight = new Uint32Array(parent.length).map((_, index) => index);
  byWeight.sort((a, b) => (total[a] as number) - (total[b] as number) || b - a);
  const firstChild = new Int32Array(parent.length).fill(-1);
  const nextSibling = new Int32Array(parent.length).fill(-1);
  let firstRoot = -1;
  for (const node of byWeight) {
    const above = parent[node] as number;
    if (above < 0) {
      nextSibling[node] = firstRoot;
      firstRoot = node;
    } else {
      nextSibling[node] = firstChild[above] as number;
      firstChild[above] = node;
    }
  }
  return { firstChild, nextSibling, firstRoot };
}

/** The stack of a node as node indexes, the root first and the node itself last. */
export function pathTo(tree: CallTree, node: number): number[] {
  const path: number[] = [];
  for (let at = node; at >= 0; at = tree.parent[at] as number) path.push(at);
  return path.reverse();
}

/** Calls back for every node on the way down and on the way up, without recursion: stacks may be thousands deep. */
export function walk(tree: CallTree, enter: (node: number) => void, leave: (node: number) => void): void {
  let node = tree.firstRoot;
  while (node >= 0) {
    enter(node);
    let next = tree.firstChild[node] as number;
    while (next < 0 && node >= 0) {
      leave(node);
      next = tree.nextSibling[node] as number;
      if (next < 0) node = tree.parent[node] as number;
    }
    node = next;
  }
}
