import { CallTree } from '../profile/call-tree.ts';
import { FieldError } from '../profile/fields.ts';
import { FunctionTable, functionOf } from '../profile/function-table.ts';
import { distinctStacks, framesInFull } from './stack-frames.ts';
import type { WeightedSamples, WeightedThread } from './weighted-samples.ts';

/** Files are written by anyone: more than this is no profile that anybody can look at. */
const MOST_NODES = 1_000_000;
const MOST_SAMPLES = 2_000_000;
/** Stacks are kept in full, and those of a recursion are as many as they are deep. */
const MOST_FRAMES = 10_000_000;
/** 30 years: longer threads would end after what a store can hold. */
const MOST_MICROS = 1e15;

/** A function as a file names it; `line` and `column` from 1, 0 or less for none. */
export interface ImportedFrame {
  name: string;
  file?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
}

/** Collects what a file holds. Throws `FieldError` where it holds too much. */
export class ImportedStacks {
  readonly #table = new FunctionTable();
  readonly #tree = new CallTree();
  readonly #threads: WeightedThread[] = [];
  /** How long each thread is, microseconds. */
  readonly #lasts = new Map<WeightedThread, number>();
  #samples = 0;

  functionNumber({ name, file = '', line = 0, column = 0 }: ImportedFrame): number {
    const position = { ...(line > 0 && { lineno: line }), ...(column > 0 && { colno: column }) };
    // What has no file is somebody's own function too, but for V8's `(program)` and the like.
    const inApp = file === '' && !name.startsWith('(') ? { in_app: true } : {};
    return this.#table.numberOf(functionOf({ function: name, abs_path: file, ...position, ...inApp }));
  }

  /** The node of a function below another, -1 for none. */
  node(parent: number, functionNumber: number): number {
    if (this.#tree.size >= MOST_NODES) throw new FieldError(`more than ${MOST_NODES} different stacks`);
    return this.#tree.childOf(parent, functionNumber);
  }

  thread(name: string): WeightedThread {
    const thread: WeightedThread = { name, stack: [], cpuMicros: [], wallMicros: [] };
    this.#threads.push(thread);
    return thread;
  }

  sample(thread: WeightedThread, stack: number, cpuMicros: number, wallMicros: number): void {
    this.#samples += 1;
    if (this.#samples > MOST_SAMPLES) throw new FieldError(`more than ${MOST_SAMPLES} samples`);
    for (const micros of [cpuMicros, wallMicros]) {
      if (!(micros >= 0 && micros < MOST_MICROS)) throw new FieldError(`a sample weighs ${micros} µs`);
    }
    const lasts = (this.#lasts.get(thread) ?? 0) + wallMicros;
    if (lasts > MOST_MICROS) throw new FieldError(`a thread lasts ${lasts} µs`);
    this.#lasts.set(thread, lasts);
    thread.stack.push(stack);
    thread.cpuMicros.push(cpuMicros);
    thread.wallMicros.push(wallMicros);
  }

  finish(name: string): WeightedSamples {
    if (this.#samples === 0) throw new FieldError('it holds no samples');
    const { functions } = this.#table;
    const frames = framesInFull(this.#tree, this.#threads.map(distinctStacks));
    if (frames > MOST_FRAMES) throw new FieldError(`its stacks hold ${frames} frames, at most ${MOST_FRAMES} are read`);
    return { name, startMs: 0, functions, stacks: this.#tree, threads: this.#threads };
  }
}
