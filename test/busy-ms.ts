import { sampleWeights } from '../src/profile/sample-weights.ts';
import type { ProfileChunk } from '../src/profile/types.ts';

const asSentryWeighs = ({ profile }: ProfileChunk): Float64Array => sampleWeights(profile.samples);

/** Milliseconds for which chunks show a function on the stack. */
export function busyMs(chunks: ProfileChunk[], name: string, weigh = asSentryWeighs): number {
  let micros = 0;
  for (const chunk of chunks) {
    const { profile } = chunk;
    const weights = weigh(chunk);
    profile.samples.forEach((sample, index) => {
      const stack = profile.stacks[sample.stack_id] ?? [];
      if (stack.some((frame) => profile.frames[frame]?.function === name)) micros += weights[index] ?? 0;
    });
  }
  return micros / 1000;
}
