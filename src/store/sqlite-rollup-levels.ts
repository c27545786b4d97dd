import { ROLLUP_MICROS } from './rollup-store.ts';

/** One width of rollups and its tables. */
export interface RollupLevel {
  widthMicros: number;
  times: string;
  sums: string;
  trees: string;
  /** How many buckets of a series are one. */
  seriesBuckets: number;
}

/** The finest first. */
export const ROLLUP_LEVELS = [
  { widthMicros: ROLLUP_MICROS, times: 'rollup_times', sums: 'rollups', trees: 'rollup_trees', seriesBuckets: 1 },
  { widthMicros: 3_600e6, times: 'hour_times', sums: 'hour_sums', trees: 'hour_trees', seriesBuckets: 6 },
  { widthMicros: 86_400e6, times: 'day_times', sums: 'day_sums', trees: 'day_trees', seriesBuckets: 60 },
] as const satisfies readonly RollupLevel[];
