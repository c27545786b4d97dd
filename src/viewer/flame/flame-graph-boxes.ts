import type { CallTree } from '../model/call-tree.ts';
import type { Boxes } from './boxes.ts';

/** Lays a merged call tree out: one box per node that has weight, callees below callers, heaviest on the left. */
export function flameGraphBoxes(tree: CallTree): Boxes {
  const start = new Float64Array(tree.size);
  const end = new Float64Array(tree.size);
  const frame = new Int32Array(tree.size);
  const node = new Int32Array(tree.size);
  const rows: number[] = [0];
  let size = 0;
  const place = (first: number, left: number): void => {
    let x = left;
    for (let child = first; child >= 0; child = tree.nextSibling[child] as number) {
      const weight = tree.total[child] as number;
      if (weight <= 0) return;
      start[size] = x;
      x += weight;
      end[size] = x;
      frame[size] = tree.frame[child] as number;
      node[size] = child;
      size++;
    }
  };
  place(tree.firstRoot, 0);
  for (let row = 0; size > (rows.at(-1) as number); row++) {
    const [from, to] = [rows[row] as number, size];
    rows.push(to);
    for (let box = from; box < to; box++) {
      place(tree.firstChild[node[box] as number] as number, start[box] as number);
    }
  }
  return {
    size,
    rows: Uint32Array.from(rows),
    start: start.subarray(0, size),
    end: end.subarray(0, size),
    frame: frame.subarray(0, size),
    node: node.subarray(0, size),
    extent: tree.weight,
  };
}
