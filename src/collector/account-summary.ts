import { CallTree } from '../profile/call-tree.ts';
import { FunctionTimes } from '../profile/function-times.ts';

/** What one account comes to, over any number of ranges that do not overlap. Numbers of functions are the summary's. */
export class AccountSummary {
  micros = 0;
  contextMicros = 0;
  /** Microseconds of CPU by number of the bucket. */
  readonly series = new Map<number, number>();
  readonly functions = new FunctionTimes();
  readonly tree = new CallTree();
  /** Requests that lie in one of the ranges as a whole. */
  wholeRequests = 0;
  /** CPU microseconds of those of them that were profiled. */
  readonly wholeCosts: number[] = [];
  /** Requests that cross a border, by id, with their CPU microseconds so far; `null` if not profiled. */
  readonly crossing = new Map<string, number | null>();

  get requests(): number {
    return this.wholeRequests + this.crossing.size;
  }

  /** CPU microseconds of each profiled request, ascending. */
  costs(): Float64Array {
    const crossing = [...this.crossing.values()].filter((micros) => micros !== null);
    return Float64Array.from([...this.wholeCosts, ...crossing]).sort();
  }

  addCrossing(id: string, micros: number | null): void {
    const before = this.crossing.get(id);
    this.crossing.set(id, before == null ? micros : before + (micros ?? 0));
  }

  addSeries(series: Iterable<readonly [bucket: number, micros: number]>): void {
    for (const [bucket, micros] of series) this.series.set(bucket, (this.series.get(bucket) ?? 0) + micros);
  }

  /** Adds another account of the same summary. */
  merge(other: AccountSummary): void {
    this.micros += other.micros;
    this.contextMicros += other.contextMicros;
    this.addSeries(other.series);
    this.functions.merge(other.functions);
    this.tree.merge(other.tree);
    this.wholeRequests += other.wholeRequests;
    for (const micros of other.wholeCosts) this.wholeCosts.push(micros);
    for (const [id, micros] of other.crossing) this.addCrossing(id, micros);
  }
}
