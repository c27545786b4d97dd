import { isIdle } from '../profile/frame-kind.ts';
import type { ProfileChunk } from '../profile/types.ts';

/** What one thread of a process was at when a sample was taken, whatever lane it was sent under. */
export interface LoopSample {
  atMicros: number;
  /** Index in the chunk's samples; -1: idle. */
  sample: number;
}

const LANE_NAME = /^(.*) · lane \d+$/;

/**
 * The samples of each thread, its lanes put together again, in the order of time. A lane's silence is closed by an empty
 * stack, at the moment of the next lane's sample if there is one: that one says what the thread did.
 */
export function loopSamples({ profile, next_profiling }: ProfileChunk): Map<string, LoopSample[]> {
  const { samples, stacks, frames, thread_metadata } = profile;
  const idle = stacks.map((stack) => isIdle(stack, frames));
  const threads = new Map<string, LoopSample[]>();
  for (const [index, { timestamp, stack_id, thread_id }] of samples.entries()) {
    const name = thread_metadata[thread_id]?.name ?? '';
    const thread = LANE_NAME.exec(name)?.[1] ?? (name || thread_id);
    const own = threads.get(thread) ?? [];
    threads.set(thread, own);
    const now: LoopSample = { atMicros: Math.round(timestamp * 1e6), sample: idle[stack_id] ? -1 : index };
    const last = own.at(-1);
    if (last?.atMicros !== now.atMicros) own.push(now);
    else if (last.sample === -1) own[own.length - 1] = now;
  }
  return next_profiling?.attribution === 'context' ? threads : new Map();
}
