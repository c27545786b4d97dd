import type { AsyncLocalStorage } from 'node:async_hooks';
import type { ContextBinding } from '../../native/binding.ts';
import type { ProfilingStatus } from '../engine.ts';
import type { Beginning, ChunkContext, SampleWitness } from '../profiler/chunk-context.ts';
import type { AsyncSlots } from './async-slots.ts';
import { ChunkSpans } from './chunk-spans.ts';
import { CpuWeights } from './cpu-weights.ts';
import { Lanes, type Thread } from './lanes.ts';
import { RecordCheck } from './record-check.ts';
import { type SampleRecord, SampleRing } from './sample-ring.ts';
import { type SlotOwner, SlotTable, type SpanIdentity, type SpanTree } from './slot-table.ts';

export interface AttributionOptions {
  readonly samplingIntervalMicros: number;
  readonly maxSpanDurationMs: number;
  readonly lanes: boolean;
}

/** What became of a span by its end. CPU times in microseconds, sampled. */
export interface SpanCpu {
  readonly selfMicros: number;
  readonly totalMicros: number;
}

const CONTEXT_MISSING = "the Sentry SDK's async context was not found";
const RECORDS_MISSING = "somebody else's handler of SIGPROF has taken the place of ours";

/** Gives the CPU time of each sample to the span that was running when it was taken. */
export class Attribution implements SampleWitness {
  /** Holds the running slot; `null` where slots cannot be read: then samples have CPU time and no span. */
  readonly slots: AsyncLocalStorage<number> | null;
  readonly #reason: string;
  readonly #isRecorded: boolean;
  readonly #check: RecordCheck;
  #contextMissing = false;
  /** Whether most samples of the last chunk came without a record. */
  #recordsMissing = false;
  /** The thread's CPU clock when sampling stopped last. */
  #asleepSinceCpu: number;
  #unsampledCpuMicros = 0;
  /** CPU time of the signal handler since the last chunk. */
  #handlerMicros = 0;
  #intervalMicros: number;
  readonly #binding: ContextBinding;
  readonly #ring: SampleRing;
  readonly #weights = new CpuWeights();
  readonly #table = new SlotTable();
  readonly #lanes: Lanes | null;
  readonly #main: Thread;
  readonly #options: AttributionOptions;
  #chunk: ChunkSpans;
  /** Sample clock minus `performance.now()`, microseconds. */
  #clockOffset = 0;

  constructor(
    binding: ContextBinding,
    asyncSlots: AsyncSlots,
    options: AttributionOptions,
    thread: { id: number; name: string },
  ) {
    this.slots = asyncSlots.storage;
    this.#reason = asyncSlots.reason;
    this.#isRecorded = asyncSlots.recorded;
    this.#binding = binding;
    this.#options = options;
    this.#main = { id: String(thread.id), name: thread.name };
    this.#lanes = options.lanes ? new Lanes(thread.id, thread.name) : null;
    this.#chunk = new ChunkSpans(this.#main);
    this.#check = new RecordCheck();
    this.#ring = new SampleRing(options.samplingIntervalMicros);
    this.#intervalMicros = options.samplingIntervalMicros;
    this.#asleepSinceCpu = this.#readClocks().cpuMicros;
    binding.recordContext(this.#isRecorded ? this.#ring.memory : null);
  }

  get status(): ProfilingStatus['attribution'] {
    const problem = this.#contextMissing ? CONTEXT_MISSING : this.#recordsMissing ? RECORDS_MISSING : null;
    return {
      enabled: this.slots !== null && problem === null,
      reason: problem ?? this.#reason,
      slotsInUse: this.#table.inUse,
      lanesInUse: this.#lanes?.inUse ?? 0,
      slotsRefused: this.#table.refused,
    };
  }

  /** Says that no span will ever be running, because the SDK's context could not be followed. */
  giveUp(): void {
    this.#contextMissing = true;
  }

  started(beginning: Beginning): void {
    const { sampleMicros, cpuMicros } = this.#readClocks();
    if (beginning.afterSleep) this.#unsampledCpuMicros += cpuMicros - this.#asleepSinceCpu;
    this.#weights.started(sampleMicros, cpuMicros, beginning);
    // Of the shortened first interval's ticks not all count.
    this.#intervalMicros = Math.max(beginning.intervalMicros, this.#options.samplingIntervalMicros);
    this.#check.started(sampleMicros, this.#intervalMicros);
  }

  stopped(): void {
    this.#drain();
    const { sampleMicros, cpuMicros } = this.#readClocks();
    this.#asleepSinceCpu = cpuMicros;
    this.#weights.stopped(cpuMicros);
    this.#check.stopped(sampleMicros);
  }

  /** What the samples since the last call say. */
  takeChunk(): ChunkContext {
    this.#drain();
    this.#table.forgetEnded(this.#now());
    this.#forgetOld();
    const unsampledCpuMicros = this.#isRecorded ? this.#unsampledCpuMicros : null;
    this.#recordsMissing = this.#check.take() && this.#isRecorded;
    // Without records a sample weighs its time and has no span; with some, only those samples would be sent.
    const spans = this.#recordsMissing ? new ChunkSpans(this.#main) : this.#chunk;
    const chunk = {
      ...spans.finish(this.status.enabled),
      unsampledCpuMicros,
      handlerMicros: this.#handlerMicros,
      recordsLost: this.#ring.takeLost(),
    };
    this.#unsampledCpuMicros = 0;
    this.#handlerMicros = 0;
    this.#chunk = new ChunkSpans(this.#main);
    return chunk;
  }

  /** Enters a slot for a request that was just read, so that its root span also gets what is done before it starts. */
  requestArrived(): void {
    if (this.slots === null || this.#contextMissing) return;
    const nowMicros = this.#now();
    this.#table.tidy(nowMicros);
    if (!this.#table.full) this.slots.enterWith(this.#table.arrive(nowMicros).slot);
  }

  /** Whether the slot is that of a request whose root span has not started. */
  isArriving(slot: number): boolean {
    return this.#table.isArriving(slot);
  }

  /** Gives a root span a lane and a slot: its request's, if that has none yet. */
  rootStarted(span: SpanIdentity): number {
    const nowMicros = this.#now();
    this.#table.tidy(nowMicros);
    const running = this.slots?.getStore() ?? 0;
    const arriving = this.#table.isArriving(running);
    if (this.#table.full && !arriving) return this.#refuse(0);
    const lane = this.#lanes?.take(nowMicros) ?? null;
    if (!arriving) return this.#table.own(span, this.#table.plant(lane, nowMicros), null, nowMicros).slot;
    this.#table.adopt(running, span, lane, nowMicros);
    return running;
  }

  /** Gives a child span a slot: a new one, or its parent's if there is none. `rootSlot` is its root span's. */
  childStarted(span: SpanIdentity, rootSlot: number): number {
    const root = this.#table.get(rootSlot);
    if (root === undefined || root.tree.alive === 0) return 0;
    const running = this.#table.get(this.slots?.getStore() ?? 0);
    const parent = running?.tree === root.tree ? running : root;
    if (this.#table.full) return this.#refuse(parent.slot);
    return this.#table.own(span, root.tree, parent, this.#now()).slot;
  }

  /** The CPU time of a span until now; `null` if it owns no slot. */
  cpuOf(spanId: string, slot: number): SpanCpu | null {
    const owner = this.#ownerOf(spanId, slot);
    if (owner !== null) this.#drain();
    return owner;
  }

  /** Ends a span. `name` and `route` are what it turned out to be called. */
  ended(spanId: string, slot: number, name: string | undefined, route: string | undefined): void {
    const owner = this.#ownerOf(spanId, slot);
    if (owner === null) return;
    owner.name = name;
    for (let at: SlotOwner | null = owner; at !== null && route !== undefined; at = at.parent) at.route ??= route;
    if (this.#table.end(owner, this.#now())) this.#releaseLane(owner.tree);
  }

  /** The thread under which a slot's samples are sent. */
  threadOf(slot: number): Thread {
    return this.#table.get(slot)?.tree.lane ?? this.#main;
  }

  /** The thread under which the running task's samples are sent. */
  get currentThread(): Thread {
    return this.threadOf(this.slots?.getStore() ?? 0);
  }

  #ownerOf(spanId: string, slot: number): SlotOwner | null {
    const owner = this.#table.get(slot);
    // A span without a slot of its own carries another's.
    return owner?.spanId === spanId && owner.endMicros === Number.POSITIVE_INFINITY ? owner : null;
  }

  #refuse(slot: number): number {
    this.#table.refused++;
    return slot;
  }

  /** Spans that never end must not stay for ever. */
  #forgetOld(): void {
    const oldest = this.#now() - this.#options.maxSpanDurationMs * 1000;
    for (const tree of [...this.#table.treesOlderThan(oldest)]) {
      this.#table.forget(tree);
      this.#releaseLane(tree);
    }
  }

  #releaseLane({ lane }: SpanTree): void {
    if (lane) this.#lanes?.release(lane);
  }

  #drain(): void {
    this.#ring.drain(this.#give);
  }

  /** Gives a sample to the span that was running. */
  readonly #give = (record: SampleRecord): void => {
    this.#check.found();
    this.#handlerMicros += record.cpuAfter - record.cpuBefore;
    const cpuMicros = this.#weights.weigh(record);
    const owner = record.slot === 0 ? null : this.#table.running(record.slot, record.since);
    this.#chunk.add(record, cpuMicros, owner);
    if (owner === null || cpuMicros < 0) return;
    owner.selfMicros += cpuMicros;
    for (let at: SlotOwner | null = owner; at !== null; at = at.parent) at.totalMicros += cpuMicros;
    if (owner.tree.lane) owner.tree.lane.busyUntil = record.since + this.#intervalMicros;
  };

  #now(): number {
    return performance.now() * 1000 + this.#clockOffset;
  }

  /** Compares the two clocks of time anew, too: a laptop's sleep may part them. */
  #readClocks(): { sampleMicros: number; cpuMicros: number } {
    const [sampleMicros, cpuMicros] = this.#binding.clocks();
    this.#clockOffset = sampleMicros - performance.now() * 1000;
    return { sampleMicros, cpuMicros };
  }
}
