import { type Boxes, boxAt, parentOf, rowOf } from './boxes.ts';
import { type BoxFaces, drawBoxes, ROW_HEIGHT } from './draw-boxes.ts';
import type { FlameTheme } from './theme.ts';
import { clamped, panned, type Viewport, zoomed } from './viewport.ts';

/** What a flame view shows. */
export interface FlameScene {
  boxes: Boxes;
  faces: BoxFaces;
  theme: FlameTheme;
}

export interface FlameViewEvents {
  /** After each picture; `view` is what is on it. */
  drawn(view: Viewport): void;
  /** -1: nothing. `x` and `y` are CSS pixels in the canvas. */
  hovered(box: number, x: number, y: number): void;
}

/** A canvas with boxes on it: what is seen of them, and drawing them when something changed, once per frame. */
export class FlameView {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #events: FlameViewEvents;
  #scene: FlameScene | null = null;
  #view: Viewport = { left: 0, right: 1, top: 0 };
  #width = 1;
  #height = 1;
  #selected = -1;
  #hovered = -1;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement, events: FlameViewEvents) {
    this.#canvas = canvas;
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser has no 2d canvas');
    this.#context = context;
    this.#events = events;
  }

  get view(): Viewport {
    return this.#view;
  }

  get size(): { width: number; height: number } {
    return { width: this.#width, height: this.#height };
  }

  /** Shows other boxes. The whole of them, unless `view` says what part. */
  show(scene: FlameScene, view?: Viewport): void {
    const other = this.#scene?.boxes !== scene.boxes;
    this.#scene = scene;
    if (other) {
      this.#hovered = -1;
      this.look(view ?? { left: 0, right: scene.boxes.extent, top: 0 });
    }
    this.#redraw();
  }

  select(box: number): void {
    this.#selected = box;
    this.#redraw();
  }

  resize(width: number, height: number): void {
    const ratio = globalThis.devicePixelRatio || 1;
    this.#width = Math.max(1, width);
    this.#height = Math.max(1, height);
    this.#canvas.width = Math.round(this.#width * ratio);
    this.#canvas.height = Math.round(this.#height * ratio);
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.look(this.#view);
    // A canvas is empty after a new size; waiting for the next frame would let that be seen.
    this.#draw();
  }

  look(view: Viewport): void {
    if (this.#scene === null) return;
    const { boxes } = this.#scene;
    const scrollable = (boxes.rows.length - 1) * ROW_HEIGHT - this.#height;
    this.#view = clamped(view, boxes.extent, scrollable);
    this.#redraw();
  }

  zoom(factor: number, place = 0.5): void {
    this.look(zoomed(this.#view, factor, place));
  }

  pan(share: number, pixels: number): void {
    this.look(panned(this.#view, share, pixels));
  }

  /** Fills the width with a box, and brings it into the height. */
  zoomTo(box: number): void {
    const boxes = this.#scene?.boxes;
    if (boxes === undefined || box < 0) return;
    this.look({ left: boxes.start[box] as number, right: boxes.end[box] as number, top: this.#view.top });
    this.reveal(box);
  }

  showAll(): void {
    if (this.#scene !== null) this.look({ left: 0, right: this.#scene.boxes.extent, top: 0 });
  }

  /** Moves as little as needed for a box to be seen. */
  reveal(box: number): void {
    const boxes = this.#scene?.boxes;
    if (boxes === undefined || box < 0) return;
    const y = rowOf(boxes, box) * ROW_HEIGHT;
    let { left, right, top } = this.#view;
    if (y < top) top = y;
    if (y + ROW_HEIGHT > top + this.#height) top = y + ROW_HEIGHT - this.#height;
    const [start, end] = [boxes.start[box] as number, boxes.end[box] as number];
    if (end <= left || start >= right) {
      const middle = (start + end) / 2;
      const half = (right - left) / 2;
      [left, right] = [middle - half, middle + half];
    }
    this.look({ left, right, top });
  }

  /** The box at a place of the canvas, CSS pixels. */
  boxAt(x: number, y: number): number {
    if (this.#scene === null) return -1;
    const { left, right, top } = this.#view;
    return boxAt(this.#scene.boxes, Math.floor((y + top) / ROW_HEIGHT), left + ((right - left) * x) / this.#width);
  }

  hover(x: number, y: number): void {
    const box = this.boxAt(x, y);
    if (box !== this.#hovered) this.#redraw();
    this.#hovered = box;
    this.#events.hovered(box, x, y);
  }

  leave(): void {
    this.#hovered = -1;
    this.#events.hovered(-1, 0, 0);
    this.#redraw();
  }

  /** The next box in a direction from the selected one; the first box if none is selected. -1: there is none. */
  neighbour(direction: 'up' | 'down' | 'left' | 'right'): number {
    const boxes = this.#scene?.boxes;
    const from = this.#selected;
    if (boxes === undefined || boxes.size === 0) return -1;
    if (from < 0) return 0;
    const row = rowOf(boxes, from);
    if (direction === 'up') return parentOf(boxes, from);
    if (direction === 'left') return from > (boxes.rows[row] as number) ? from - 1 : -1;
    if (direction === 'right') return from + 1 < (boxes.rows[row + 1] as number) ? from + 1 : -1;
    return widestBelow(boxes, from, row + 1);
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
  }

  #redraw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#scene === null) return;
    drawBoxes(this.#context, {
      ...this.#scene,
      view: this.#view,
      width: this.#width,
      height: this.#height,
      selected: this.#selected,
      hovered: this.#hovered,
    });
    this.#events.drawn(this.#view);
  }
}

function widestBelow(boxes: Boxes, box: number, row: number): number {
  if (row >= boxes.rows.length - 1) return -1;
  const [start, end] = [boxes.start[box] as number, boxes.end[box] as number];
  let best = -1;
  let width = 0;
  for (let child = boxes.rows[row] as number; child < (boxes.rows[row + 1] as number); child++) {
    const [from, to] = [boxes.start[child] as number, boxes.end[child] as number];
    if (from >= end) break;
    if (from >= start && to <= end + 1e-6 && to - from > width) [best, width] = [child, to - from];
  }
  return best;
}
