import { type CallTree, walk } from './call-tree.ts';

/** What each function cost: columns by frame. */
export interface FunctionTable {
  readonly self: Float64Array;
  /** With callees; recursion counts once. */
  readonly total: Float64Array;
  /** Runs of consecutive samples with the function on the stack; recursion counts once. */
  readonly runs: Float64Array;
}

export function functionTable(tree: CallTree, frames: number): FunctionTable {
  const table = { self: new Float64Array(frames), total: new Float64Array(frames), runs: new Float64Array(frames) };
  const add = (column: Float64Array, frame: number, value: number) => {
    column[frame] = (column[frame] as number) + value;
  };
  eachOutermost(tree, frames, (node, frame, outermost) => {
    add(table.self, frame, tree.self[node] as number);
    if (!outermost) return;
    add(table.total, frame, tree.total[node] as number);
    add(table.runs, frame, tree.runs[node] as number);
  });
  return table;
}

/** Weight of what calls a function, or of what it calls, by frame. */
export interface Neighbour {
  /** -1: nobody, the function is a root. */
  frame: number;
  weight: number;
}

/**
 * Who calls a function and whom it calls, heaviest first. Of recursive calls only the outermost counts, so that the
 * callers add up to the function's total, and the callees to that total without the outermost calls' own time.
 */
export function neighbours(tree: CallTree, frames: number, of: number): { callers: Neighbour[]; callees: Neighbour[] } {
  const callers = new Map<number, number>();
  const callees = new Map<number, number>();
  const add = (to: Map<number, number>, frame: number, weight: number) => to.set(frame, (to.get(frame) ?? 0) + weight);
  eachOutermost(tree, frames, (node, frame, outermost) => {
    if (frame !== of || !outermost) return;
    const above = tree.parent[node] as number;
    add(callers, above < 0 ? -1 : (tree.frame[above] as number), tree.total[node] as number);
    for (let child = tree.firstChild[node] as number; child >= 0; child = tree.nextSibling[child] as number) {
      add(callees, tree.frame[child] as number, tree.total[child] as number);
    }
  });
  return { callers: heaviestFirst(callers), callees: heaviestFirst(callees) };
}

const heaviestFirst = (weights: Map<number, number>): Neighbour[] =>
  [...weights].map(([frame, weight]) => ({ frame, weight })).sort((a, b) => b.weight - a.weight || a.frame - b.frame);

/** Weight of all stacks on which at least one of the frames is. */
export function weightWith(tree: CallTree, has: Uint8Array): number {
  let inside = 0;
  let weight = 0;
  walk(
    tree,
    (node) => {
      if (has[tree.frame[node] as number] !== 1) return;
      if (inside++ === 0) weight += tree.total[node] as number;
    },
    (node) => {
      if (has[tree.frame[node] as number] === 1) inside--;
    },
  );
  return weight;
}

/** Calls back for each node; `outermost`: no ancestor is of the same frame. */
function eachOutermost(
  tree: CallTree,
  frames: number,
  visit: (node: number, frame: number, outermost: boolean) => void,
): void {
  const onStack = new Uint32Array(frames);
  walk(
    tree,
    (node) => {
      const frame = tree.frame[node] as number;
      visit(node, frame, onStack[frame] === 0);
      onStack[frame] = (onStack[frame] as number) + 1;
    },
    (node) => {
      const frame = tree.frame[node] as number;
      onStack[frame] = (onStack[frame] as number) - 1;
    },
  );
}
