/** Names of units of time, as speedscope and pprof write them. */
export const MICROS_PER_UNIT: Readonly<Record<string, number>> = {
  nanoseconds: 1e-3,
  microseconds: 1,
  milliseconds: 1e3,
  seconds: 1e6,
};
