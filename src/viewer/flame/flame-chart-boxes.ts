import type { TreeColumns } from '../model/call-tree.ts';
import type { Boxes } from './boxes.ts';

/** Samples of one thread in time order. */
export interface SampleColumns {
  /** Non-decreasing, microseconds from the chart's left edge. */
  timeMicros: ArrayLike<number>;
  /** Until the next sample of the thread, microseconds. */
  wallMicros: ArrayLike<number>;
  /** Node of the stack, -1: idle. */
  stack: ArrayLike<number>;
}

interface OpenBox {
  start: number;
  node: number;
}

/** Two samples belong together if at most this lies between them: times are rounded to microseconds. */
const GAP_US = 2;

/**
 * Lays samples out in time: a frame's box goes on for as long as consecutive samples have it at the same place of the
 * same stack.
 */
export function flameChartBoxes(samples: SampleColumns, stacks: TreeColumns, extent: number): Boxes {
  const rows: { start: number[]; end: number[]; node: number[] }[] = [];
  const open: OpenBox[] = [];
  let reached = Number.NEGATIVE_INFINITY;
  const closeFrom = (row: number): void => {
    while (open.length > row) {
      const box = open.pop() as OpenBox;
      if (reached <= box.start) continue;
      rows[open.length] ??= { start: [], end: [], node: [] };
      const columns = rows[open.length] as (typeof rows)[number];
      columns.start.push(box.start);
      columns.end.push(reached);
      columns.node.push(box.node);
    }
  };
  for (let index = 0; index < samples.timeMicros.length; index++) {
    const time = samples.timeMicros[index] as number;
    const follows = time - reached <= GAP_US;
    if (!follows) closeFrom(0);
    const begin = follows ? reached : time;
    const path = pathOf(stacks, samples.stack[index] as number);
    let same = 0;
    while (same < open.length && open[same]?.node === path[same]) same++;
    closeFrom(same);
    for (let row = same; row < path.length; row++) open.push({ start: begin, node: path[row] as number });
    reached = Math.max(begin, time + (samples.wallMicros[index] as number));
  }
  closeFrom(0);
  return joined(rows, stacks, extent);
}

/** Nodes of a stack, the root first. */
function pathOf(stacks: TreeColumns, stack: number): number[] {
  const path: number[] = [];
  for (let node = stack; node >= 0; node = stacks.parent[node] as number) path.push(node);
  return path.reverse();
}

function joined(
  columns: { start: number[]; end: number[]; node: number[] }[],
  stacks: TreeColumns,
  extent: number,
): Boxes {
  const rows = [0];
  for (const { start } of columns) rows.push((rows.at(-1) as number) + start.length);
  const node = Int32Array.from(columns.flatMap((row) => row.node));
  return {
    size: node.length,
    rows: Uint32Array.from(rows),
    start: Float64Array.from(columns.flatMap((row) => row.start)),
    end: Float64Array.from(columns.flatMap((row) => row.end)),
    frame: node.map((of) => stacks.frame[of] as number),
    node,
    extent,
  };
}
