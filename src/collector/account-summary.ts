import { CallTree } from '../profile/call-tree.ts';
import { FunctionTimes } from '../profile/function-times.ts';

/** A request that reaches over a border of what was summed up. Times in microseconds. */
export interface CrossingRequest {
  startMicros: number;
  endMicros: number;
  /** CPU time so far; `null` if not profiled. */
  micros: number | null;
}

/** What one account comes to, over any number of ranges that do not overlap. Numbers of functions are the summary's. */
export class AccountSummary {
  micros = 0;
  contextMicros = 0;
  /** Microseconds of CPU by number of the bucket. */
  readonly series = new Map<number, number>();
  readonly functions = new FunctionTimes();
  readonly tree = new CallTree();
  /** Nodes of the tree that were left out when it was stored. */
  prunedNodes = 0;
  /** Requests that lie in one of the ranges as a whole. */
  wholeRequests = 0;
  /** CPU microseconds of those of them that were profiled. */
  readonly wholeCosts: number[] = [];
  /** By id. */
  readonly crossing = new Map<string, CrossingRequest>();

  get requests(): number {
    return this.wholeRequests + this.crossing.size;
  }

  /** CPU microseconds of each profiled request, ascending. */
  costs(): Float64Array {
    const crossing = [...this.crossing.values()].flatMap(({ micros }) => micros ?? []);
    return Float64Array.from([...this.wholeCosts, ...crossing]).sort();
  }

  addCrossing(id: string, { micros, ...times }: CrossingRequest): void {
    const before = this.crossing.get(id)?.micros ?? null;
    this.crossing.set(id, { ...times, micros: before === null ? micros : before + (micros ?? 0) });
  }

  addSeries(series: Iterable<readonly [bucket: number, micros: number]>): void {
    for (const [bucket, micros] of series) this.series.set(bucket, (this.series.get(bucket) ?? 0) + micros);
  }

  /** Adds another account. `frames` translates its functions' numbers. */
  merge(other: AccountSummary, frames?: (frame: number) => number): void {
    this.micros += other.micros;
    this.contextMicros += other.contextMicros;
    this.addSeries(other.series);
    this.functions.merge(other.functions, frames);
    this.tree.merge(other.tree, frames);
    this.prunedNodes += other.prunedNodes;
    this.wholeRequests += other.wholeRequests;
    for (const micros of other.wholeCosts) this.wholeCosts.push(micros);
    for (const [id, request] of other.crossing) this.addCrossing(id, request);
  }
}
