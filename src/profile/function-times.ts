import { type FrameKind, frameKind, framePath } from './frame-kind.ts';
import type { Frame } from './types.ts';

/** A function at a position, and the time it took. `file` is `''`, `line` and `column` 0 where there is none. */
export interface FunctionTime {
  name: string;
  kind: FrameKind;
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
  /** Time with this function on top of the stack, microseconds. */
  selfMicros: number;
  /** Time with this function anywhere on the stack, microseconds; recursion counts once. */
  totalMicros: number;
}

/** Adds up self and total time per function over any number of chunks. */
export class FunctionTimes {
  readonly #functions = new Map<string, FunctionTime>();
  /** Frames are objects of one chunk each; looking one up by identity saves building its key again per sample. */
  readonly #byFrame = new WeakMap<Frame, FunctionTime>();

  /** Adds one sample: `stack` leaf first, as indexes into `frames`. */
  add(stack: readonly number[], frames: readonly Frame[], micros: number): void {
    const seen = new Set<FunctionTime>();
    for (const [depth, index] of stack.entries()) {
      const frame = frames[index];
      if (frame === undefined) continue;
      const time = this.#of(frame);
      if (depth === 0) time.selfMicros += micros;
      if (!seen.has(time)) time.totalMicros += micros;
      seen.add(time);
    }
  }

  /** Most self time first, then most total, then by name; V8's `(root)` left out. */
  list(): FunctionTime[] {
    return [...this.#functions.values()]
      .filter((time) => time.kind !== 'root')
      .sort((a, b) => b.selfMicros - a.selfMicros || b.totalMicros - a.totalMicros || (a.name < b.name ? -1 : 1));
  }

  #of(frame: Frame): FunctionTime {
    const known = this.#byFrame.get(frame);
    if (known !== undefined) return known;
    const name = frame.function || '(anonymous)';
    const file = framePath(frame);
    const [line, column] = [frame.lineno ?? 0, frame.colno ?? 0];
    const key = JSON.stringify([name, file, line, column]);
    let time = this.#functions.get(key);
    if (time === undefined) {
      time = { name, kind: frameKind(frame), file, line, column, selfMicros: 0, totalMicros: 0 };
      this.#functions.set(key, time);
    }
    this.#byFrame.set(frame, time);
    return time;
  }
}
