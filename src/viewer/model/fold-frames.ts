import type { TreeColumns } from './call-tree.ts';

/** Where each node of a tree went when frames were taken out of it. */
export interface Folded extends TreeColumns {
  parent: Int32Array;
  frame: Int32Array;
  /** By old node: the new node that has its weight, -1 if none above it is left. */
  into: Int32Array;
}

/**
 * Takes frames out of a tree. What was called by one of them is called by the frame above it then, and nodes that become
 * alike are merged; its own weight goes to the frame above.
 */
export function foldFrames(nodes: TreeColumns, isHidden: (frame: number) => boolean): Folded {
  const into = new Int32Array(nodes.parent.length);
  const parent: number[] = [];
  const frame: number[] = [];
  const known = new Map<number, number>();
  // One number for parent and frame: both stay far below 2^26.
  const FRAMES = 2 ** 26;
  for (let node = 0; node < into.length; node++) {
    const above = nodes.parent[node] as number;
    const to = above < 0 ? -1 : (into[above] as number);
    const of = nodes.frame[node] as number;
    if (isHidden(of)) {
      into[node] = to;
      continue;
    }
    const key = (to + 1) * FRAMES + of;
    let here = known.get(key);
    if (here === undefined) {
      here = parent.push(to) - 1;
      frame.push(of);
      known.set(key, here);
    }
    into[node] = here;
  }
  return { parent: Int32Array.from(parent), frame: Int32Array.from(frame), into };
}

/** Moves weights along. `lost`: what belonged to no node that is left. */
export function foldWeights({ into, parent }: Folded, of: ArrayLike<number>): { weights: Float64Array; lost: number } {
  const weights = new Float64Array(parent.length);
  let lost = 0;
  for (let node = 0; node < into.length; node++) {
    const to = into[node] as number;
    if (to >= 0) weights[to] = (weights[to] as number) + (of[node] as number);
    else lost += of[node] as number;
  }
  return { weights, lost };
}
