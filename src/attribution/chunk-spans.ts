import type { AttributedSpan } from '../profile/types.ts';
import type { ChunkContext } from '../profiler/chunk-context.ts';
import type { Thread } from './lanes.ts';
import type { SampleRecord } from './sample-ring.ts';
import type { SlotOwner } from './slot-table.ts';

/** Index of a sample without a span. */
const NO_SPAN = -1;

/** The samples of one chunk with their spans, while they come in. */
export class ChunkSpans {
  readonly #main: Thread;
  readonly #records: number[] = [];
  readonly #threads = new Map<Thread, number>();
  /** Every ancestor comes before its descendants. */
  readonly #spans = new Map<SlotOwner, { index: number; cpuMicros: number }>();

  constructor(main: Thread) {
    this.#main = main;
    this.#threads.set(main, 0);
  }

  /** `cpuMicros` negative: the sample does not count, unless it stands in for one of another profiler's. */
  add({ since, until }: SampleRecord, cpuMicros: number, owner: SlotOwner | null): void {
    let [span, thread] = [NO_SPAN, 0];
    if (owner !== null) {
      const entry = this.#entryOf(owner);
      entry.cpuMicros += Math.max(0, cpuMicros);
      span = entry.index;
      // A lane is the next request's once its own has ended.
      const isLate = since >= owner.tree.endMicros;
      thread = this.#threadIndex((isLate ? null : owner.tree.lane) ?? this.#main);
    }
    this.#records.push(since, until, cpuMicros, span, thread);
  }

  /** @param attributed whether samples can have spans in this process */
  finish(attributed: boolean): Omit<ChunkContext, 'unsampledCpuMicros'> {
    return {
      records: Float64Array.from(this.#records),
      threads: [...this.#threads.keys()].flatMap(({ id, name }) => [id, name]),
      spanExtension: attributed
        ? JSON.stringify({ attribution: 'context', spans: this.#describeSpans() }).slice(1, -1)
        : '',
    };
  }

  #describeSpans(): AttributedSpan[] {
    return [...this.#spans].map(([owner, { cpuMicros }]) => ({
      trace_id: owner.traceId,
      span_id: owner.spanId,
      parent: owner.parent === null ? NO_SPAN : this.#entryOf(owner.parent).index,
      thread_id: (owner.tree.lane ?? this.#main).id,
      cpu_us: cpuMicros,
      ...(owner.name !== undefined && { name: owner.name }),
      ...(owner.route !== undefined && { route: owner.route }),
    }));
  }

  #entryOf(owner: SlotOwner): { index: number; cpuMicros: number } {
    const known = this.#spans.get(owner);
    if (known) return known;
    if (owner.parent !== null) this.#entryOf(owner.parent);
    const entry = { index: this.#spans.size, cpuMicros: 0 };
    this.#spans.set(owner, entry);
    return entry;
  }

  #threadIndex(thread: Thread): number {
    const known = this.#threads.get(thread);
    if (known !== undefined) return known;
    this.#threads.set(thread, this.#threads.size);
    return this.#threads.size - 1;
  }
}
