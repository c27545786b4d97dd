import { randomUUID } from 'node:crypto';
import { isMainThread, threadId } from 'node:worker_threads';
import type { Binding, Cut, SerializedChunk } from '../../native/binding.ts';
import { warnOnce } from '../diagnostics.ts';
import { messageOf } from '../errors.ts';
import type { EngineOptions } from '../options.ts';
import type { ChunkExtension } from '../profile/types.ts';
import { Measurements } from './measurements.ts';
import { ProfilerCounters } from './profiler-counters.ts';

/** Fewer samples than this in that many intervals: V8's sampler is stuck. It samples idle threads, too. */
const WATCHDOG = { samples: 2, intervals: 20 };

/** What the session needs to know of the world outside. */
export interface ChunkOutlet {
  /** Members of a chunk that describe its sender: `platform`, `client_sdk`, `release`, `environment`. */
  describe(): Record<string, unknown>;
  /** Flat list of scripts and debug ids. */
  debugIds(): readonly string[];
  /** Takes one serialised chunk. Never throws. */
  send(json: Uint8Array): void;
}

type ChunkEnd = 'duration' | 'stop' | 'flush';

const newId = (): string => randomUUID().replaceAll('-', '');

/**
 * Samples from `start()` to `stop()` and hands out what it sampled in chunks. One `profilerId` per session; chunks of
 * a session follow each other without a gap.
 */
export class ProfilerSession {
  readonly counters = new ProfilerCounters();
  readonly #binding: Binding;
  readonly #options: EngineOptions;
  readonly #outlet: ChunkOutlet;
  readonly #measurements = new Measurements();
  /** Chunks that the thread pool is serialising. */
  readonly #encoding = new Set<Promise<void>>();
  #profilerId: string | null = null;
  #chunkStartedMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(binding: Binding, options: EngineOptions, outlet: ChunkOutlet) {
    this.#binding = binding;
    this.#options = options;
    this.#outlet = outlet;
  }

  /** The running session's id, or `null`. */
  get profilerId(): string | null {
    return this.#profilerId;
  }

  start(): void {
    if (this.#profilerId !== null) return;
    const beforeMs = performance.now();
    try {
      this.#binding.start(this.#options.samplingIntervalMicros);
    } catch (error) {
      warnOnce('start', `V8's profiler did not start: ${messageOf(error)}`);
      return;
    }
    this.counters.addStall(performance.now() - beforeMs);
    this.counters.sessionsStarted++;
    this.#profilerId = newId();
    this.#measurements.start();
    this.#chunkStarted();
  }

  stop(): void {
    if (this.#profilerId === null) return;
    this.#cut('stop');
    this.#end();
  }

  /** Cuts the running chunk and waits until everything cut so far has been handed to the outlet. */
  async flush(): Promise<void> {
    if (this.#profilerId !== null) this.#cut('flush');
    await Promise.all(this.#encoding);
  }

  #chunkStarted(): void {
    this.counters.chunksStarted++;
    this.#chunkStartedMs = performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#cut('duration'), this.#options.chunkDurationMs);
    this.#timer.unref();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#measurements.stop();
    this.#profilerId = null;
  }

  #cut(end: ChunkEnd): void {
    const beforeMs = performance.now();
    const elapsedMs = beforeMs - this.#chunkStartedMs;
    const goesOn = end !== 'stop';
    let cut: Cut;
    try {
      cut = this.#binding.cut(this.#chunkMeta(end), goesOn ? this.#options.samplingIntervalMicros : 0);
    } catch (error) {
      warnOnce('cut', `a chunk was lost: ${messageOf(error)}`);
      this.counters.drop('encode_failed');
      return this.#end();
    }
    this.counters.addProfiled(elapsedMs);
    this.counters.addStall(performance.now() - beforeMs);
    if (cut.startError !== '') {
      warnOnce('start', `V8's profiler did not start again: ${cut.startError}`);
      this.#end();
    } else if (goesOn) {
      this.#chunkStarted();
    }
    this.#deliver(cut.chunk, elapsedMs);
  }

  #deliver(serialized: Promise<SerializedChunk>, elapsedMs: number): void {
    const delivered = serialized
      .then(
        (chunk) => {
          this.counters.samples += chunk.busySamples;
          if (chunk.json === null) this.counters.drop('too_few_samples');
          else this.#outlet.send(chunk.json);
          this.#watch(chunk.samples, elapsedMs);
        },
        (error) => {
          warnOnce('encode', `a chunk was lost: ${messageOf(error)}`);
          this.counters.drop('encode_failed');
        },
      )
      .finally(() => this.#encoding.delete(delivered));
    this.#encoding.add(delivered);
  }

  /** Replaces a V8 profiler that delivers nothing though it had the time to. */
  #watch(samples: number, elapsedMs: number): void {
    const intervals = (elapsedMs * 1000) / this.#options.samplingIntervalMicros;
    if (samples >= WATCHDOG.samples || intervals < WATCHDOG.intervals) return;
    try {
      if (!this.#binding.recreate()) return;
      this.counters.profilerRestarts++;
      if (this.#profilerId !== null) this.#binding.start(this.#options.samplingIntervalMicros);
    } catch (error) {
      warnOnce('start', `V8's profiler did not start again: ${messageOf(error)}`);
      this.#end();
    }
  }

  #chunkMeta(end: ChunkEnd): Parameters<Binding['cut']>[0] {
    const head = {
      version: '2',
      chunk_id: newId(),
      profiler_id: this.#profilerId,
      ...this.#outlet.describe(),
      measurements: this.#measurements.take(),
    };
    const extension: Omit<ChunkExtension, 'samples'> = {
      version: 1,
      sampling_interval_us: this.#options.samplingIntervalMicros,
      end,
      stall_ms: this.counters.lastStallMs,
    };
    return {
      head: JSON.stringify(head).slice(1, -1),
      extension: JSON.stringify(extension).slice(1, -1),
      threadId: String(threadId),
      threadName: isMainThread ? 'main' : `worker ${threadId}`,
      root: process.cwd(),
      debugIds: this.#outlet.debugIds(),
    };
  }
}
