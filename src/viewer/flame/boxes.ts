/**
 * What a flame graph or a flame chart draws: one box per node, columns in row order and within a row from left to right.
 * Nothing here knows of a screen.
 */
export interface Boxes {
  readonly size: number;
  /** Index of the first box of each row, the topmost row first, and `size` at the end. */
  readonly rows: Uint32Array;
  /** Ascending within a row; boxes of a row do not overlap. In units of the chart: microseconds. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly frame: Int32Array;
  /** The tree node or stack of the box. */
  readonly node: Int32Array;
  /** Width of all. */
  readonly extent: number;
}

/** Index of the first box of `row` that ends after `x`, or the end of the row. */
export function firstEndingAfter(boxes: Boxes, row: number, x: number, from = boxes.rows[row] as number): number {
  let low = from;
  let high = boxes.rows[row + 1] as number;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((boxes.end[middle] as number) > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The box at a position, -1 if there is none. */
export function boxAt(boxes: Boxes, row: number, x: number): number {
  if (row < 0 || row >= boxes.rows.length - 1) return -1;
  const box = firstEndingAfter(boxes, row, x);
  return box < (boxes.rows[row + 1] as number) && (boxes.start[box] as number) <= x ? box : -1;
}

export function rowOf(boxes: Boxes, box: number): number {
  let low = 0;
  let high = boxes.rows.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((boxes.rows[middle] as number) <= box) low = middle;
    else high = middle;
  }
  return low;
}

/** The box above, -1 for a box of the first row. */
export function parentOf(boxes: Boxes, box: number): number {
  const middle = ((boxes.start[box] as number) + (boxes.end[box] as number)) / 2;
  return boxAt(boxes, rowOf(boxes, box) - 1, middle);
}
