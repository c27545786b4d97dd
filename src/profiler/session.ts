import type { ChunkMeta, Cut, SamplingBinding, SerializedChunk } from '../../native/binding.ts';
import { warnOnce } from '../diagnostics.ts';
import { messageOf } from '../errors.ts';
import type { EngineOptions } from '../options.ts';
import type { ChunkContext, SampleWitness } from './chunk-context.ts';
import { chunkMeta, newId } from './chunk-meta.ts';
import { type ChunkOutlet, Handover, type PendingChunk } from './handover.ts';
import { Measurements } from './measurements.ts';
import { OverheadGuard } from './overhead-guard.ts';
import { ProfilerCounters } from './profiler-counters.ts';
import { Sampler } from './sampler.ts';

/** Fewer samples than this in that many intervals: V8's sampler is stuck. It samples idle threads, too. */
const WATCHDOG = { samples: 2, intervals: 20 };
/** V8 keeps a call tree for each part of a chunk until the chunk is serialised. */
const MOST_PARTS = 100;

/** The SDK flushes on every error that it captures; a storm of errors must not become a storm of chunks. */
const MOST_FLUSHES_PER_SECOND = 10;

/** How long the end of the process may wait for chunks that the thread pool is serialising. */
const FINISH_TIMEOUT_MS = 200;

type ChunkEnd = 'duration' | 'stop' | 'flush';

/**
 * Samples from `start()` to `stop()` and hands out what it sampled in chunks. One `profilerId` per session. Between
 * `rest()` and `wake()` the session goes on and its sampler sleeps. No method throws: an error ends the session.
 */
export class ProfilerSession {
  readonly counters = new ProfilerCounters();
  readonly handover: Handover;
  readonly #options: EngineOptions;
  readonly #outlet: ChunkOutlet;
  readonly #sampler: Sampler;
  readonly #measurements = new Measurements();
  readonly #guard: OverheadGuard;
  /** Chunks that the thread pool is serialising. */
  readonly #encoding = new Set<Promise<void>>();
  #profilerId: string | null = null;
  #chunkStartedMs = 0;
  #flushes = { second: 0, count: 0 };
  #chunkTimer: NodeJS.Timeout | undefined;

  constructor(binding: SamplingBinding, options: EngineOptions, witness: SampleWitness, outlet: ChunkOutlet) {
    this.#options = options;
    this.#outlet = outlet;
    this.handover = new Handover(outlet, this.counters);
    this.#guard = new OverheadGuard(options.samplingIntervalMicros, options.maxOverhead);
    this.#sampler = new Sampler(binding, options.samplingIntervalMicros, witness, {
      slept: () => this.#measurements.pause(),
      failed: (error) => this.#fail(error),
    });
  }

  /** The running session's id, or `null`. */
  get profilerId(): string | null {
    return this.#profilerId;
  }

  /** Time between samples at present. */
  get intervalMicros(): number {
    return this.#guard.intervalMicros;
  }

  start(): void {
    if (this.#profilerId !== null) return;
    this.counters.sessionsStarted++;
    this.#profilerId = newId();
    this.#measurements.restart();
    this.#guard.started(performance.now());
    this.#chunkStarted();
    this.wake();
  }

  stop(): void {
    if (this.#profilerId === null) return;
    this.#cut('stop');
    this.#ended();
  }

  /** Makes sure that the sampler ticks. */
  wake(): void {
    if (this.#profilerId === null) return;
    // The process was frozen, or the event loop blocked: what comes now is too late for the chunk from before.
    if (performance.now() - this.#chunkStartedMs > this.#options.chunkDurationMs) this.#cut('duration');
    if (this.#sampler.ticking) return this.#sampler.wake();
    this.#guarded(() => this.#sampler.wake());
    this.#measurements.resume();
  }

  /** Lets the sampler sleep until it is woken: for now there is nothing to see. */
  rest(): void {
    if (this.#profilerId === null) return;
    this.#sampler.rest();
    if (this.#sampler.parts > MOST_PARTS) this.#cut('duration');
  }

  /** Cuts the running chunk and waits until everything cut so far has been handed to the outlet. */
  async flush(): Promise<void> {
    if (this.#mayFlush()) await this.deliver();
    else await Promise.all(this.#encoding);
  }

  /** The same for who knows when it is enough. */
  async deliver(): Promise<void> {
    if (this.#profilerId !== null) this.#cut('flush');
    await Promise.all(this.#encoding);
  }

  /** For a process that is ending: ends the session and returns every chunk that the outlet did not get. */
  finish(): Uint8Array[] {
    const chunks = this.#guarded(() =>
      this.#sampler.finish((context) => this.#chunkMeta('stop', context, this.#pending()), FINISH_TIMEOUT_MS),
    );
    this.#ended();
    return (chunks ?? []).flatMap(({ json }) => json ?? []);
  }

  /** The same where nobody wants the chunks. */
  halt(): void {
    this.#guarded(() => this.#sampler.halt());
    this.#ended();
  }

  #mayFlush(): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#flushes.second) this.#flushes = { second, count: 0 };
    return this.#flushes.count++ < MOST_FLUSHES_PER_SECOND;
  }

  #chunkStarted(): void {
    this.counters.chunksStarted++;
    this.#chunkStartedMs = performance.now();
    clearTimeout(this.#chunkTimer);
    this.#chunkTimer = setTimeout(() => this.#cut('duration'), this.#options.chunkDurationMs).unref();
  }

  #ended(): void {
    clearTimeout(this.#chunkTimer);
    this.#measurements.pause();
    this.#profilerId = null;
  }

  #fail(error: unknown): void {
    warnOnce('profiler', `V8's profiler failed, the session ends: ${messageOf(error)}`);
    this.#ended();
  }

  /** Calls V8's profiler; counts what that costs the main thread. */
  #guarded<T>(call: () => T): T | undefined {
    const beforeMs = performance.now();
    try {
      return call();
    } catch (error) {
      this.#fail(error);
      return undefined;
    } finally {
      const stallMs = performance.now() - beforeMs;
      this.counters.addStall(stallMs);
      this.#guard.add(stallMs);
    }
  }

  #cut(end: ChunkEnd): void {
    this.counters.addProfiled(performance.now() - this.#chunkStartedMs);
    if (this.#sampler.parts > 0) {
      const { tickedMs, intervalMicros } = this.#sampler;
      const pending = this.#pending();
      const metaOf = (context: ChunkContext): ChunkMeta => {
        this.#addCost(context.handlerMicros / 1000);
        this.#guard.judge(performance.now());
        const meta = this.#chunkMeta(end, context, pending);
        this.#sampler.intervalMicros = this.#guard.intervalMicros;
        return meta;
      };
      const cut = this.#guarded((): Cut => this.#sampler.cut(metaOf, end !== 'stop'));
      if (cut === undefined) return this.handover.drop('encode_failed', pending);
      this.#deliver(cut.chunk, pending, tickedMs, intervalMicros);
      if (cut.startError !== '') return this.#fail(new Error(cut.startError));
    }
    if (end !== 'stop') this.#chunkStarted();
  }

  /** The running chunk, which is being cut. */
  #pending(): PendingChunk {
    return this.handover.cut(this.#chunkStartedMs);
  }

  #addCost(milliseconds: number): void {
    this.counters.addCost(milliseconds);
    this.#guard.add(milliseconds);
  }

  #deliver(
    serialized: Promise<SerializedChunk>,
    pending: PendingChunk,
    tickedMs: number,
    intervalMicros: number,
  ): void {
    const delivered = serialized
      .then(
        (chunk) => {
          this.counters.samples += chunk.busySamples;
          this.counters.samplesWithoutSlot += chunk.samplesWithoutSpan;
          this.#addCost(chunk.cpuMicros / 1000);
          if (chunk.json === null) this.handover.drop('too_few_samples', pending);
          else void this.handover.send(chunk.json, pending, chunk.busySamples);
          this.#watch(chunk.samples, (tickedMs * 1000) / intervalMicros);
        },
        (error) => {
          warnOnce('encode', `a chunk was lost: ${messageOf(error)}`);
          this.handover.drop('encode_failed', pending);
        },
      )
      .finally(() => this.#encoding.delete(delivered));
    this.#encoding.add(delivered);
  }

  /** Replaces a V8 profiler that delivers nothing though it had the time to. */
  #watch(samples: number, intervals: number): void {
    if (samples >= WATCHDOG.samples || intervals < WATCHDOG.intervals) return;
    if (this.#guarded(() => this.#sampler.recreate())) this.counters.profilerRestarts++;
  }

  #chunkMeta(
    end: ChunkEnd,
    { unsampledCpuMicros, handlerMicros: _, recordsLost, ...context }: ChunkContext,
    { told, ...time }: PendingChunk,
  ): ChunkMeta {
    if (recordsLost > 0) told.add({ reason: 'ring_full', chunks: 0, samples: recordsLost, ...time });
    return chunkMeta(this.#outlet, {
      profilerId: this.#profilerId,
      head: { measurements: this.#measurements.take() },
      extension: {
        overhead_ratio: Math.round(this.#guard.ratio * 1e5) / 1e5,
        end,
        stall_ms: this.counters.lastStallMs,
        ...(unsampledCpuMicros !== null && { unsampled_cpu_us: unsampledCpuMicros }),
        ...told.asExtension(),
      },
      intervalMicros: this.#sampler.intervalMicros,
      ...context,
    });
  }
}
