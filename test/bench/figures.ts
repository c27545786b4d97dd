import { CONTENDERS, type Contender } from './contenders.ts';

/** One thing that was measured of several contenders, once in each round. */
export interface Figure {
  /** A word for `--json` readers. */
  readonly id: string;
  readonly says: string;
  readonly unit: 'ms' | 's' | 'MB' | 'per s' | 'share';
  /** Whose value of the same round the others are divided by; a share is a ratio by itself. */
  readonly base: Contender | null;
  readonly values: { readonly [contender in Contender]?: readonly number[] };
}

/** A median with the least and the greatest of what it is of. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const half = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2, least: at(0), greatest: at(sorted.length - 1) };
}

/** The value below which that share of others is. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Each round's value over that of the base in the same round; the values themselves if there is no base. */
export function ratios({ base, values }: Figure, contender: Contender): number[] | undefined {
  const own = values[contender];
  if (own === undefined || base === null) return own?.slice();
  const others = values[base];
  return others === undefined ? undefined : own.map((value, round) => value / (others[round] ?? Number.NaN));
}

/** The contenders in another order in each round, so that none is always the first. */
export function rotated(contenders: readonly Contender[], round: number): Contender[] {
  const order = CONTENDERS.filter((contender) => contenders.includes(contender));
  const from = round % order.length;
  return [...order.slice(from), ...order.slice(0, from)];
}
