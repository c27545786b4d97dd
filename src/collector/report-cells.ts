import type { Attributed } from './api-types.ts';

/** How a report is written: for a terminal of 100 columns, or as Markdown with nothing cut off. */
export interface ReportStyle {
  markdown?: boolean;
  /** Longest list of routes, functions or spans. */
  limit?: number;
}

export const shortMs = (ms: number | undefined): string => (ms === undefined ? '-' : ms.toFixed(ms < 9.995 ? 2 : 1));
export const wholeMs = (ms: number): string => ms.toFixed(ms < 9.95 ? 1 : 0);
/** `1 chunk`, `2 chunks`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
export const andMore = (number: number): string[] => (number > 0 ? ['', `and ${number} more; --json lists all`] : []);

/** `context`, or how much of it if not all. */
export function attributionOf({ attribution, contextShare }: Attributed): string {
  return attribution === 'mixed' ? `${percent(contextShare)} context, the rest time-window` : attribution;
}
