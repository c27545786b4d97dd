import { type FunctionStack, FunctionTable } from '../profile/function-table.ts';
import type { ProfileChunk } from '../profile/types.ts';
import type { BlockRow } from './api-trace-types.ts';
import type { BlockRun } from './block-runs.ts';
import { milliseconds } from './figures.ts';

/** A run, and what it was at, without its chunks, which are large. */
export interface Block extends Pick<BlockRow, 'function' | 'stack'> {
  run: Omit<BlockRun, 'samples'> & { sampleCount: number };
}

const lengthOf = ({ firstMicros, lastMicros }: Pick<BlockRun, 'firstMicros' | 'lastMicros'>): number =>
  lastMicros - firstMicros;

/** Keeps the longest of any number of runs. */
export class LongestBlocks {
  readonly #limit: number;
  #blocks: Block[] = [];
  /** Shorter ones have no chance any more. */
  #leastMicros = 0;
  readonly #table = new FunctionTable();
  readonly #stacks = new WeakMap<ProfileChunk, readonly FunctionStack[]>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add({ samples, ...run }: BlockRun): void {
    // One sample alone has no length.
    if (samples.length < 2 || lengthOf(run) < this.#leastMicros) return;
    this.#blocks.push({ run: { ...run, sampleCount: samples.length }, ...this.#heaviest(samples) });
    if (this.#blocks.length < this.#limit * 2) return;
    this.#blocks = this.list();
    this.#leastMicros = lengthOf(this.#blocks.at(-1)?.run ?? run);
  }

  /** The longest first. */
  list(): Block[] {
    return this.#blocks
      .toSorted((a, b) => lengthOf(b.run) - lengthOf(a.run) || a.run.firstMicros - b.run.firstMicros)
      .slice(0, this.#limit);
  }

  /** The function that most of the time was spent in itself, and the stack that it had then most often. */
  #heaviest(samples: BlockRun['samples']): Pick<Block, 'function' | 'stack'> {
    const byStack = new Map<string, { stack: FunctionStack; samples: number }>();
    const byLeaf = new Map<number, { samples: number; micros: number }>();
    for (const { chunk, stackId, cpuMicros } of samples) {
      const stack = this.#stacksOf(chunk)[stackId] ?? [];
      const same = byStack.get(stack.join()) ?? { stack, samples: 0 };
      byStack.set(stack.join(), same);
      same.samples += 1;
      const leaf = byLeaf.get(stack[0] ?? -1) ?? { samples: 0, micros: 0 };
      byLeaf.set(stack[0] ?? -1, leaf);
      leaf.samples += 1;
      leaf.micros += cpuMicros;
    }
    const [top] = [...byLeaf].sort((a, b) => b[1].samples - a[1].samples);
    const [often] = [...byStack.values()]
      .filter(({ stack }) => stack[0] === top?.[0])
      .sort((a, b) => b.samples - a.samples);
    const stack = (often?.stack ?? []).flatMap((number) => this.#table.functions[number] ?? []);
    const [leaf] = stack;
    return { function: leaf ? { ...leaf, selfMs: milliseconds(top?.[1].micros ?? 0) } : null, stack };
  }

  #stacksOf(chunk: ProfileChunk): readonly FunctionStack[] {
    const known = this.#stacks.get(chunk) ?? this.#table.stacksOf(chunk);
    this.#stacks.set(chunk, known);
    return known;
  }
}
