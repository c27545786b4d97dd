import type { AttributedSpan } from '../profile/types.ts';
import type { ChunkContext } from '../profiler/chunk-context.ts';
import type { Thread } from './lanes.ts';
import type { SampleRecord } from './sample-ring.ts';
import type { SlotOwner } from './slot-table.ts';

/** Index of a sample without a span. */
const NO_SPAN = -1;
/** Where a record has its span. */
const SPAN_FIELD = 3;

/** The samples of one chunk with their spans, while they come in. */
export class ChunkSpans {
  readonly #main: Thread;
  readonly #records: number[] = [];
  /** Samples of requests that had no root span when they were read: where they are in the records, and how much. */
  readonly #arriving: { at: number; cpuMicros: number; owner: SlotOwner }[] = [];
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
    if (owner?.spanId === '') this.#arriving.push({ at: this.#records.length, cpuMicros, owner });
    else if (owner !== null) {
      span = this.#count(owner, cpuMicros);
      // Before its root span a lane is another request's, and afterwards the next one's.
      const { lane, startMicros, endMicros } = owner.tree;
      const isItsTime = startMicros <= since && since < endMicros;
      thread = this.#threadIndex((isItsTime ? lane : null) ?? this.#main);
    }
    this.#records.push(since, until, cpuMicros, span, thread);
  }

  /** @param attributed whether samples can have spans in this process */
  finish(attributed: boolean): Omit<ChunkContext, 'unsampledCpuMicros' | 'handlerMicros' | 'recordsLost'> {
    for (const { at, cpuMicros, owner } of this.#arriving) {
      if (owner.spanId !== '') this.#records[at + SPAN_FIELD] = this.#count(owner, cpuMicros);
    }
    return {
      records: Float64Array.from(this.#records),
      threads: [...this.#threads.keys()].flatMap(({ id, name }) => [id, name]),
      spanExtension: attributed
        ? JSON.stringify({ attribution: 'context', spans: this.#describeSpans() }).slice(1, -1)
        : '',
    };
  }

  /** Adds a sample to its span's sum, and returns the span's index. */
  #count(owner: SlotOwner, cpuMicros: number): number {
    const entry = this.#entryOf(owner);
    entry.cpuMicros += Math.max(0, cpuMicros);
    return entry.index;
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
