import { CallTree } from '../profile/call-tree.ts';
import { isIdle } from '../profile/frame-kind.ts';
import { FunctionTable } from '../profile/function-table.ts';
import { sampleCpu, sampleWeights, type TimeRange } from '../profile/sample-weights.ts';
import type { ProfileChunk } from '../profile/types.ts';
import type { TimelineThread } from './api-profile-types.ts';

/** One sample of a thread. `span`: row of the answer, -1 for none. */
interface TimelineSample {
  atMicros: number;
  wallMicros: number;
  cpuMicros: number;
  stack: number;
  span: number;
}

interface ThreadSamples {
  session: string;
  thread: string;
  name: string;
  samples: TimelineSample[];
}

/** Whose a sample is: its row among the spans, or `undefined` if it is not asked for. */
export type SpanRowOf = (sample: number) => number | undefined;

/** Samples of any number of chunks, thread by thread. */
export class TimelineThreads {
  readonly table = new FunctionTable();
  readonly stacks = new CallTree();
  count = 0;
  readonly #threads = new Map<string, ThreadSamples>();

  /** @param idleToo whether samples at which the thread did nothing are wanted */
  add(chunk: ProfileChunk, range: TimeRange, spanRowOf: SpanRowOf, idleToo: boolean): void {
    const { samples, stacks, frames, thread_metadata } = chunk.profile;
    const functions = this.table.stacksOf(chunk);
    const nodes = stacks.map((stack, id) => (isIdle(stack, frames) ? -1 : this.stacks.leafOf(functions[id] ?? [])));
    const [cpu, wall] = [sampleCpu(chunk, range), sampleWeights(samples, range)];
    for (const [index, { timestamp, stack_id, thread_id }] of samples.entries()) {
      const isWithin = timestamp >= range.from && timestamp < range.to;
      // One that began before the range reaches into it.
      if (!isWithin && (wall[index] ?? 0) === 0) continue;
      const stack = nodes[stack_id] ?? -1;
      if (stack === -1 && !idleToo) continue;
      const span = spanRowOf(index);
      if (span === undefined) continue;
      this.count += 1;
      this.#threadOf(chunk.profiler_id, thread_id, thread_metadata[thread_id]?.name).samples.push({
        atMicros: Math.round(Math.max(timestamp, range.from) * 1e6),
        wallMicros: wall[index] ?? 0,
        cpuMicros: stack === -1 ? 0 : (cpu[index] ?? 0),
        stack,
        span,
      });
    }
  }

  /** In columns, most CPU first. Samples from `untilMicros` on are left out and counted. */
  take(fromMicros: number, untilMicros: number): { threads: TimelineThread[]; left: number } {
    let left = 0;
    const threads = [...this.#threads.values()].map(({ session, thread, name, samples }) => {
      const kept = samples.filter(({ atMicros }) => atMicros < untilMicros).sort((a, b) => a.atMicros - b.atMicros);
      left += samples.length - kept.length;
      return {
        session,
        thread,
        name,
        cpuMs: Math.round(kept.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0)) / 1e3,
        samples: {
          timeMicros: kept.map(({ atMicros }) => atMicros - fromMicros),
          wallMicros: kept.map(({ wallMicros }) => wallMicros),
          cpuMicros: kept.map(({ cpuMicros }) => cpuMicros),
          stack: kept.map(({ stack }) => stack),
          span: kept.map(({ span }) => span),
        },
      };
    });
    return { threads: threads.sort((a, b) => b.cpuMs - a.cpuMs || Number(a.thread) - Number(b.thread)), left };
  }

  #threadOf(session: string, thread: string, name: string | undefined): ThreadSamples {
    const key = `${session} ${thread}`;
    const known = this.#threads.get(key);
    if (known !== undefined) return known;
    const made = { session, thread, name: name || thread, samples: [] };
    this.#threads.set(key, made);
    return made;
  }
}
