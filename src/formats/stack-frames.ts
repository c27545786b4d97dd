import type { WeightedSamples } from './weighted-samples.ts';

type Stacks = WeightedSamples['stacks'];

/** Function numbers of a stack, leaf first. */
export function framesOf(stack: number, { parent, frame }: Stacks): number[] {
  const frames: number[] = [];
  for (let node = stack; node !== -1; node = parent[node] ?? -1) frames.push(frame[node] ?? 0);
  return frames;
}

interface Thread {
  stack: readonly number[];
}

/** Each stack of a thread once. */
export const distinctStacks = ({ stack }: Thread): Thread => ({ stack: [...new Set(stack)] });

/** How many frames it takes to write each sample's stack in full. */
export function framesInFull(stacks: Stacks, threads: readonly Thread[]): number {
  const depths: number[] = [];
  // A caller has the lower number, so its depth is known.
  for (const parent of stacks.parent) depths.push((depths[parent] ?? 0) + 1);
  let frames = 0;
  for (const { stack } of threads) for (const node of stack) frames += depths[node] ?? 0;
  return frames;
}
