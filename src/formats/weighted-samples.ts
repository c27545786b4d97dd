import type { ProfiledFunction } from '../profile/function-table.ts';

/** What every format of a profile comes to: threads of samples over one tree of stacks. */
export interface WeightedSamples {
  name: string;
  /** Milliseconds since 1970; 0 if nobody knows. */
  startMs: number;
  functions: readonly ProfiledFunction[];
  /** Node i is function `frame[i]`, called by node `parent[i]`, which is less than i, or -1. */
  stacks: { parent: readonly number[]; frame: readonly number[] };
  threads: WeightedThread[];
}

/** Samples in columns, in the order of time where they have one. */
export interface WeightedThread {
  name: string;
  /** Node of `stacks`; -1: idle. */
  stack: number[];
  cpuMicros: number[];
  wallMicros: number[];
  /** How many samples the row stands for; missing: one. */
  samples?: number[];
}

export const WEIGHTS = ['cpu', 'wall'] as const;
/** What a format with one weight per sample is given. */
export type WeightName = (typeof WEIGHTS)[number];

export const weightsOf = (thread: WeightedThread, weight: WeightName): number[] =>
  weight === 'cpu' ? thread.cpuMicros : thread.wallMicros;
