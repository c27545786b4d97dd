import type { FunctionTime } from '../profile/function-times.ts';
import type { Account } from './account.ts';
import type { Attributed, FunctionRef, Remainder } from './api-types.ts';

/** To the microsecond, which is as exact as the samples' times are. */
export const milliseconds = (micros: number): number => Math.round(micros) / 1000;

/** To a hundredth of a percent. */
export const share = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((part / whole) * 1e4) / 1e4;

/** Nearest rank: a value that one request really had. `sorted` ascending, not empty. */
export function percentile(sorted: readonly number[], quantile: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] ?? 0;
}

export function functionRef({ name, kind, file, line, column, selfMicros }: FunctionTime): FunctionRef {
  return { name, kind, file, line, column, selfMs: milliseconds(selfMicros) };
}

export function topFunction({ functions }: Account): FunctionRef | null {
  const [top] = functions.list();
  return top === undefined ? null : functionRef(top);
}

/** What an answer about an account says first. One without any CPU time is attributed as everything is. */
export function attributed(account: Account, everything: Account): Attributed {
  const { micros, contextMicros } = account.micros > 0 ? account : everything;
  const attribution = contextMicros === 0 ? 'time-window' : contextMicros === micros ? 'context' : 'mixed';
  return { attribution, contextShare: share(contextMicros, micros), cpuMs: milliseconds(account.micros) };
}

export function remainder(account: Account, everything: Account): Remainder {
  return {
    cpuMs: milliseconds(account.micros),
    share: share(account.micros, everything.micros),
    topFunction: topFunction(account),
  };
}
