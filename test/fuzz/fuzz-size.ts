/** The same cases each time; another seed makes others. */
export const SEED = Number(process.env.NEXT_PROFILING_FUZZ_SEED ?? 20_261_121);

/** How many cases of a kind: a few for every day, all of them with `NEXT_PROFILING_FUZZ=10000`. */
export const casesOf = (share: number): number => Math.round(Number(process.env.NEXT_PROFILING_FUZZ ?? 1_500) * share);

/** Each case has a seed of its own, so that it can be made again alone. */
export const seedOf = (index: number): number => SEED + index;
