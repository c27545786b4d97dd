import type { FunctionStack } from './function-table.ts';

/** What one or more samples weigh. `samples` and the times may be parts, where requests share a sample. */
export interface Weight {
  cpuMicros: number;
  wallMicros: number;
  samples: number;
}

/** The columns of a call tree. */
export type TreeNodes = Pick<CallTree, 'parent' | 'frame' | 'selfCpuMicros' | 'selfWallMicros' | 'samples' | 'runs'>;

/** More functions than one tree can hold a number for; a key of two numbers stays an exact integer. */
const NUMBERS = 2 ** 26;

/**
 * Samples merged into a tree, in columns: node i has function `frame[i]` and is called by node `parent[i]`, which is less
 * than i, or -1. Weights are of the node itself, without what it calls.
 */
export class CallTree {
  readonly parent: number[] = [];
  readonly frame: number[] = [];
  readonly selfCpuMicros: number[] = [];
  readonly selfWallMicros: number[] = [];
  readonly samples: number[] = [];
  /** Runs of consecutive samples in which the node was on the stack. */
  readonly runs: number[] = [];
  readonly #children = new Map<number, number>();

  get size(): number {
    return this.frame.length;
  }

  /** The node of a function that a node calls, made if it is missing. -1: that nobody calls. */
  childOf(parent: number, frame: number): number {
    const key = (parent + 1) * NUMBERS + frame;
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const node = this.frame.push(frame) - 1;
    this.parent.push(parent);
    this.selfCpuMicros.push(0);
    this.selfWallMicros.push(0);
    this.samples.push(0);
    this.runs.push(0);
    this.#children.set(key, node);
    return node;
  }

  /** The node of a stack's leaf; -1 for an empty stack. */
  leafOf(stack: FunctionStack): number {
    let node = -1;
    for (let index = stack.length - 1; index >= 0; index--) node = this.childOf(node, stack[index] ?? 0);
    return node;
  }

  add(node: number, { cpuMicros, wallMicros, samples }: Weight): void {
    this.selfCpuMicros[node] = (this.selfCpuMicros[node] ?? 0) + cpuMicros;
    this.selfWallMicros[node] = (this.selfWallMicros[node] ?? 0) + wallMicros;
    this.samples[node] = (this.samples[node] ?? 0) + samples;
  }

  /** Counts a run for each node of the stack that was not on it one sample before. `before`: -1 if another, or nothing. */
  addRuns(node: number, before: number): void {
    let [now, then] = [node, before];
    while (now !== then) {
      // A caller has the lower number, so the higher of the two cannot be on the other's stack.
      if (now > then) {
        this.runs[now] = (this.runs[now] ?? 0) + 1;
        now = this.parent[now] ?? -1;
      } else then = this.parent[then] ?? -1;
    }
  }

  /** Adds another tree to this one. `frames` translates its functions' numbers. */
  merge(other: TreeNodes, frames: (frame: number) => number = (frame) => frame): void {
    const size = other.frame.length;
    const nodes = new Int32Array(size);
    for (let index = 0; index < size; index++) {
      const parent = other.parent[index] ?? -1;
      const node = this.childOf(parent === -1 ? -1 : (nodes[parent] ?? -1), frames(other.frame[index] ?? 0));
      nodes[index] = node;
      this.selfCpuMicros[node] = (this.selfCpuMicros[node] ?? 0) + (other.selfCpuMicros[index] ?? 0);
      this.selfWallMicros[node] = (this.selfWallMicros[node] ?? 0) + (other.selfWallMicros[index] ?? 0);
      this.samples[node] = (this.samples[node] ?? 0) + (other.samples[index] ?? 0);
      this.runs[node] = (this.runs[node] ?? 0) + (other.runs[index] ?? 0);
    }
  }

  /** The sum of a column over each node and what it calls. */
  totals(self: readonly number[]): Float64Array {
    const totals = Float64Array.from(self);
    for (let node = this.size - 1; node >= 0; node--) {
      const parent = this.parent[node] ?? -1;
      if (parent !== -1) totals[parent] = (totals[parent] ?? 0) + (totals[node] ?? 0);
    }
    return totals;
  }
}
