import type { Weight } from '../profile/call-tree.ts';
import { isIdle } from '../profile/frame-kind.ts';
import { sampleCpu, sampleWeights, type TimeRange } from '../profile/sample-weights.ts';
import type { ProfileChunk } from '../profile/types.ts';

/** One sample at work, and what says whose it is. */
export interface CpuSlice extends Weight {
  /** Index of the chunk's stack. */
  stackId: number;
  /** When, microseconds since 1970. */
  atMicros: number;
  threadId: string;
  /** Which sample of its thread in the chunk, idle ones counted. */
  ordinal: number;
  /** Index in the chunk's `spans`, -1 if no span was alive; `null` if the chunk does not know its spans. */
  span: number | null;
}

/** The CPU time of a chunk, sample by sample. Idle samples are none; V8's collector and its `(program)` are. */
export function* cpuSlices(chunk: ProfileChunk, range: TimeRange): Generator<CpuSlice> {
  const { samples, stacks, frames } = chunk.profile;
  const idle = stacks.map((stack) => isIdle(stack, frames));
  const cpu = sampleCpu(chunk, range);
  const wall = sampleWeights(samples, range);
  const ordinals = new Map<string, number>();
  const { attribution, sample_spans } = chunk.next_profiling ?? {};
  for (const [index, { timestamp, stack_id, thread_id }] of samples.entries()) {
    const ordinal = (ordinals.get(thread_id) ?? 0) + 1;
    ordinals.set(thread_id, ordinal);
    const [cpuMicros, wallMicros] = [cpu[index] ?? 0, wall[index] ?? 0];
    if ((cpuMicros === 0 && wallMicros === 0) || idle[stack_id]) continue;
    yield {
      cpuMicros,
      wallMicros,
      // One that began before the range reaches into it, but is counted there.
      samples: timestamp >= range.from && timestamp < range.to ? 1 : 0,
      stackId: stack_id,
      atMicros: Math.round(timestamp * 1e6),
      threadId: thread_id,
      ordinal,
      span: attribution === 'context' ? (sample_spans?.[index] ?? -1) : null,
    };
  }
}
