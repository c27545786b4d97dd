import { type FrameKind, frameKind, framePath } from './frame-kind.ts';
import { SelfAndTotal } from './self-and-total.ts';
import type { Frame, Stack } from './types.ts';

/** A function at a position. `file` is `''`, `line` and `column` 0 where there is none. */
export interface ProfiledFunction {
  name: string;
  kind: FrameKind;
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
}

export interface FunctionTime extends ProfiledFunction {
  /** Time with this function on top of the stack, microseconds. */
  selfMicros: number;
  /** Time with this function anywhere on the stack, microseconds; recursion counts once. */
  totalMicros: number;
}

/** The functions on a stack as numbers of a `FunctionTable`: the leaf first, each once. */
export type FunctionStack = readonly number[];

/** Numbers the functions of any number of chunks, so that adding up a sample is a few additions. */
export class FunctionTable {
  readonly functions: ProfiledFunction[] = [];
  readonly #numbers = new Map<string, number>();

  /** The stacks of one chunk, in their order. */
  resolve(stacks: readonly Stack[], frames: readonly Frame[]): FunctionStack[] {
    const numbers = frames.map((frame) => this.#numberOf(frame));
    return stacks.map((stack) => [...new Set(stack.flatMap((index) => numbers[index] ?? []))]);
  }

  #numberOf(frame: Frame): number {
    const name = frame.function || '(anonymous)';
    const file = framePath(frame);
    const [line, column] = [frame.lineno ?? 0, frame.colno ?? 0];
    const key = JSON.stringify([name, file, line, column]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.functions.push({ name, kind: frameKind(frame), file, line, column }) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

/** Adds up self and total time per function. */
export class FunctionTimes {
  readonly #table: FunctionTable;
  readonly #times = new SelfAndTotal();

  constructor(table: FunctionTable) {
    this.#table = table;
  }

  /** Adds time that was spent on this stack. */
  add(stack: FunctionStack, micros: number): void {
    this.#times.add(stack, micros);
  }

  /** Most self time first, then most total, then by name; V8's `(root)` left out. */
  list(): FunctionTime[] {
    return this.#table.functions
      .map((of, number) => ({ ...of, ...this.#times.of(number) }))
      .filter((time) => time.totalMicros > 0 && time.kind !== 'root')
      .sort((a, b) => b.selfMicros - a.selfMicros || b.totalMicros - a.totalMicros || (a.name < b.name ? -1 : 1));
  }
}
