import { CallTree } from '../profile/call-tree.ts';
import { FunctionTimes } from '../profile/function-times.ts';
import type { StoreRange } from '../store/selection.ts';
import { CostCounts } from './cost-counts.ts';

/** CPU time after the end of a request still counts as its own; this long after, the request is not closed yet. */
export const LATE_MICROS = 5e6;

/** Whether a request, and all its CPU time, is in a range. */
export const isWholeIn = ({ fromMicros, toMicros }: StoreRange, { startMicros, endMicros }: Times): boolean =>
  startMicros >= fromMicros && endMicros < toMicros - LATE_MICROS;

type Times = Pick<CrossingRequest, 'startMicros' | 'endMicros'>;

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
  /** What those of them cost that were profiled. */
  readonly wholeCosts = new CostCounts();
  /** By id. */
  readonly crossing = new Map<string, CrossingRequest>();

  get requests(): number {
    return this.wholeRequests + this.crossing.size;
  }

  /** Of all profiled requests. */
  costs(): CostCounts {
    const all = new CostCounts();
    all.merge(this.wholeCosts);
    for (const { micros } of this.crossing.values()) if (micros !== null) all.add(micros);
    return all;
  }

  /** Counts requests as whole that reach over borders within a range only. */
  settle(range: StoreRange): void {
    for (const [id, request] of this.crossing) {
      if (!isWholeIn(range, request)) continue;
      this.crossing.delete(id);
      this.wholeRequests += 1;
      if (request.micros !== null) this.wholeCosts.add(request.micros);
    }
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
    this.wholeCosts.merge(other.wholeCosts);
    for (const [id, request] of other.crossing) this.addCrossing(id, request);
  }
}
