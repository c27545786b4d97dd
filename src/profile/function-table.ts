import { type FrameKind, frameKind, framePath } from './frame-kind.ts';
import type { Frame, ProfileChunk } from './types.ts';

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

export const functionOf = (frame: Frame): ProfiledFunction => ({
  name: frame.function || '(anonymous)',
  kind: frameKind(frame),
  file: framePath(frame),
  line: frame.lineno ?? 0,
  column: frame.colno ?? 0,
});

/** A stack as numbers of a `FunctionTable`, leaf first, V8's `(root)` left out. */
export type FunctionStack = readonly number[];

/** Numbers the functions of any number of chunks from 0. */
export class FunctionTable {
  readonly functions: ProfiledFunction[] = [];
  readonly #numbers = new Map<string, number>();

  /** The stacks of a chunk, in their order. */
  stacksOf({ profile: { stacks, frames } }: Pick<ProfileChunk, 'profile'>): FunctionStack[] {
    const numbers = frames.map((frame) => this.numberOf(functionOf(frame)));
    return stacks.map((stack) =>
      stack.map((frame) => numbers[frame] ?? 0).filter((number) => this.functions[number]?.kind !== 'root'),
    );
  }

  numberOf(of: ProfiledFunction): number {
    const key = `${of.file}\n${of.line}\n${of.column}\n${of.kind}\n${of.name}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.functions.push(of) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}
