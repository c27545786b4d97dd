import { isIdle } from '../profile/frame-kind.ts';
import type { FunctionStack, FunctionTable } from '../profile/function-times.ts';
import { sampleCpu, type TimeRange } from '../profile/sample-weights.ts';
import type { ProfileChunk } from '../profile/types.ts';

/** One piece of CPU time, and what says whose it is. */
export interface CpuSlice {
  micros: number;
  stack: FunctionStack;
  /** When, microseconds since 1970. */
  atMicros: number;
  threadId: string;
  /** Index in the chunk's `spans`, -1 if no span was alive; `null` if the chunk does not know its spans. */
  span: number | null;
}

/**
 * The CPU time of a chunk, sample by sample. Idle samples are none; V8's collector and its `(program)` are.
 *
 * @param table numbers the functions of the slices' stacks
 */
export function* cpuSlices(chunk: ProfileChunk, range: TimeRange, table: FunctionTable): Generator<CpuSlice> {
  const { samples, stacks, frames } = chunk.profile;
  const idle = stacks.map((stack) => isIdle(stack, frames));
  const resolved = table.resolve(stacks, frames);
  const cpu = sampleCpu(chunk, range);
  const { attribution, sample_spans } = chunk.next_profiling ?? {};
  for (const [index, { timestamp, stack_id, thread_id }] of samples.entries()) {
    const micros = cpu[index] ?? 0;
    if (micros === 0 || idle[stack_id]) continue;
    yield {
      micros,
      stack: resolved[stack_id] ?? [],
      atMicros: Math.round(timestamp * 1e6),
      threadId: thread_id,
      span: attribution === 'context' ? (sample_spans?.[index] ?? -1) : null,
    };
  }
}
