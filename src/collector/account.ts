import { type FunctionTable, FunctionTimes } from '../profile/function-times.ts';
import type { StoredRequest } from '../store/profile-store.ts';
import type { CpuSlice } from './cpu-slices.ts';

/** CPU time of one route, of none, or of all. */
export class Account {
  readonly requests: StoredRequest[] = [];
  readonly functions: FunctionTimes;
  micros = 0;
  /** The part of `micros` whose samples knew their span. */
  contextMicros = 0;

  constructor(table: FunctionTable) {
    this.functions = new FunctionTimes(table);
  }

  add(micros: number, { stack, span }: CpuSlice): void {
    this.micros += micros;
    if (span !== null) this.contextMicros += micros;
    this.functions.add(stack, micros);
  }
}
