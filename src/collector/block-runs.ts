import type { ProfileChunk } from '../profile/types.ts';
import type { StoredChunk } from '../store/profile-store.ts';
import type { LoopBorders } from './loop-borders.ts';
import { loopSamples } from './loop-samples.ts';
import { rootOf, type SpanCost } from './span-costs.ts';

/** Consecutive samples of one thread in which one root span was at work, and nothing else. */
export interface BlockRun {
  root: SpanCost;
  session: string;
  /** Under which the first of them was sent. */
  thread: string;
  firstMicros: number;
  lastMicros: number;
  /** The samples before and after, at which it was not; at most one interval away. */
  beforeMicros: number;
  afterMicros: number;
  cpuMicros: number;
  samples: { chunk: ProfileChunk; stackId: number; cpuMicros: number }[];
}

/** More than so many intervals between two samples: the sampler slept, and nobody knows what was. */
const LONGEST_GAP = 2.5;

interface OpenRun extends BlockRun {
  intervalMicros: number;
}

/** Finds the runs of each thread, chunk by chunk in the order of time. */
export class BlockRuns {
  readonly #found: (run: BlockRun) => void;
  readonly #borders: LoopBorders;
  readonly #open = new Map<string, { run: OpenRun | null; lastMicros: number }>();

  constructor(borders: LoopBorders, found: (run: BlockRun) => void) {
    this.#borders = borders;
    this.#found = found;
  }

  /** @param spans the chunk's, in their order there */
  add(stored: StoredChunk, spans: readonly SpanCost[]): void {
    const { profile, profiler_id, next_profiling } = stored.chunk;
    const intervalMicros = next_profiling?.sampling_interval_us ?? 0;
    for (const [name, samples] of loopSamples(stored.chunk)) {
      const key = `${profiler_id} ${name}`;
      const state = this.#open.get(key) ?? { run: null, lastMicros: Number.NEGATIVE_INFINITY };
      this.#open.set(key, state);
      for (const { atMicros, sample } of samples) {
        const span = sample === -1 ? undefined : spans[next_profiling?.sample_spans?.[sample] ?? -1];
        const root = span === undefined ? null : rootOf(span);
        const { stack_id = 0, thread_id = '' } = profile.samples[sample] ?? {};
        if (state.run !== null && !this.#goesOn(state.run, root, atMicros)) {
          this.#close(state.run, atMicros);
          state.run = null;
        }
        if (root !== null) {
          state.run ??= {
            root,
            session: profiler_id,
            thread: thread_id,
            firstMicros: atMicros,
            lastMicros: atMicros,
            beforeMicros: Math.max(state.lastMicros, atMicros - intervalMicros),
            afterMicros: atMicros,
            cpuMicros: 0,
            samples: [],
            intervalMicros,
          };
          state.run.lastMicros = atMicros;
          const cpuMicros = next_profiling?.sample_cpu_us?.[sample] ?? 0;
          state.run.cpuMicros += cpuMicros;
          state.run.samples.push({ chunk: stored.chunk, stackId: stack_id, cpuMicros });
        }
        state.lastMicros = atMicros;
      }
    }
  }

  /** Ends what is still open. */
  finish(): void {
    for (const { run } of this.#open.values()) if (run !== null) this.#close(run, Number.POSITIVE_INFINITY);
    this.#open.clear();
  }

  #goesOn({ root, session, lastMicros, intervalMicros }: OpenRun, next: SpanCost | null, atMicros: number): boolean {
    if (next !== root || atMicros - lastMicros > LONGEST_GAP * intervalMicros) return false;
    // Another request began or ended meanwhile: so the loop came round, too briefly for a sample.
    return !this.#borders.anyWithin(session, lastMicros, atMicros, root);
  }

  #close({ intervalMicros, ...run }: OpenRun, nextMicros: number): void {
    this.#found({ ...run, afterMicros: Math.min(nextMicros, run.lastMicros + intervalMicros) });
  }
}
