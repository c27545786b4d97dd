import type { FunctionTable } from '../profile/function-table.ts';
import type { FunctionTime } from '../profile/function-times.ts';
import type { AccountSummary } from './account-summary.ts';
import type { Attributed, FunctionRef, Remainder } from './api-types.ts';

/** To the microsecond, which is as exact as the samples' times are. */
export const milliseconds = (micros: number): number => Math.round(micros) / 1000;

/** To a hundredth of a percent. */
export const share = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((part / whole) * 1e4) / 1e4;

export function functionRef({ name, kind, file, line, column, selfMicros }: FunctionTime): FunctionRef {
  return { name, kind, file, line, column, selfMs: milliseconds(selfMicros) };
}

export function topFunction({ functions }: AccountSummary, table: FunctionTable): FunctionRef | null {
  const top = functions.top(table.functions);
  return top === undefined ? null : functionRef(top);
}

/** What an answer about an account says first. One without any CPU time is attributed as everything is. */
export function attributed(account: AccountSummary, everything: AccountSummary): Attributed {
  const { micros, contextMicros } = account.micros > 0 ? account : everything;
  // The two are sums of the same numbers in different orders.
  const isContext = contextMicros > 0 && Math.abs(contextMicros - micros) < 1e-9 * micros;
  const attribution = contextMicros === 0 ? 'time-window' : isContext ? 'context' : 'mixed';
  return { attribution, contextShare: share(contextMicros, micros), cpuMs: milliseconds(account.micros) };
}

export function remainder(account: AccountSummary, everything: AccountSummary, table: FunctionTable): Remainder {
  return {
    cpuMs: milliseconds(account.micros),
    share: share(account.micros, everything.micros),
    topFunction: topFunction(account, table),
  };
}
