import { CallTree } from '../profile/call-tree.ts';
import type { FunctionStack } from '../profile/function-table.ts';
import type { StoredRequest } from '../store/profile-store.ts';
import type { CpuSlice } from './cpu-slices.ts';

/** CPU time of one route, of none, or of all. */
export class Account {
  readonly requests: StoredRequest[] = [];
  readonly tree = new CallTree();
  micros = 0;
  /** The part of `micros` whose samples knew their span. */
  contextMicros = 0;
  /** CPU time by when it was, microseconds by number of the bucket; those without any are missing. */
  readonly series = new Map<number, number>();
  /** Of the chunk that is being read: the nodes of its stacks, and where each of its threads was last. */
  #stacks: readonly FunctionStack[] = [];
  #nodes: (number | undefined)[] = [];
  readonly #last = new Map<string, { ordinal: number; node: number; owner: unknown }>();

  /**
   * @param stacks the chunk's, by number of the function
   * @param part of the slice, up to 1
   * @param owner whose slice it is: what follows on another's is another run
   */
  add(slice: CpuSlice, part: number, stacks: readonly FunctionStack[], bucket: number, owner: unknown): void {
    const cpuMicros = slice.cpuMicros * part;
    this.micros += cpuMicros;
    if (slice.span !== null) this.contextMicros += cpuMicros;
    if (cpuMicros > 0) this.series.set(bucket, (this.series.get(bucket) ?? 0) + cpuMicros);
    const node = this.#nodeOf(slice.stackId, stacks);
    if (node === -1) return;
    this.tree.add(node, { cpuMicros, wallMicros: slice.wallMicros * part, samples: slice.samples * part });
    if (slice.samples === 0) return;
    const last = this.#last.get(slice.threadId);
    const goesOn = last?.ordinal === slice.ordinal - 1 && last.owner === owner;
    this.tree.addRuns(node, goesOn ? last.node : -1);
    this.#last.set(slice.threadId, { ordinal: slice.ordinal, node, owner });
  }

  #nodeOf(stackId: number, stacks: readonly FunctionStack[]): number {
    if (this.#stacks !== stacks) {
      this.#stacks = stacks;
      this.#nodes = [];
      this.#last.clear();
    }
    this.#nodes[stackId] ??= this.tree.leafOf(stacks[stackId] ?? []);
    return this.#nodes[stackId] ?? -1;
  }
}
