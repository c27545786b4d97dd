import { setTimeout as wait } from 'node:timers/promises';
import type { ChunkMeta, SerializedChunk } from '../../native/binding.ts';
import { warnOnce } from '../diagnostics.ts';
import type { ProfiledWorker, WorkerCpuProfile } from '../engine.ts';
import { messageOf } from '../errors.ts';
import type { EngineOptions } from '../options.ts';
import { chunkMeta, newId } from './chunk-meta.ts';
import type { ChunkOutlet, PendingChunk } from './handover.ts';
import type { ProfilerSession } from './session.ts';

/** A chunk of a worker, and until when it goes, microseconds of the sample clock. */
type WorkerChunk = SerializedChunk & { readonly until: number };

/** Makes a chunk of what Node hands out; see `native/inspector/worker-profile.ts`. */
export type SerializeWorkerProfile = (
  text: string,
  since: number,
  unixOffsetMicros: number,
  meta: ChunkMeta,
) => WorkerChunk;

interface ChunkOfWorker {
  readonly profilerId: string;
  /** Id and name. */
  readonly threads: readonly string[];
  readonly end: string;
}

const NEEDED =
  'profileWorker() needs a Worker of Node.js 24.8 or newer; Sentry.init() in the worker works in all versions';
/** Instead of an answer of a worker that has ended. */
const ENDED = Symbol('ended');

type OrEnded = <T>(asked: Promise<T>) => Promise<T | typeof ENDED>;

/** The clock that V8 stamps samples with, microseconds. */
const sampleMicros = (): number => Number(process.hrtime.bigint() / 1000n);

/**
 * Profiles worker threads from the thread that started them. It is Node that starts and stops V8's profiler, within the
 * worker's own thread, and that knows what to do if the worker ends meanwhile: from another thread neither is allowed.
 */
export class WorkerProfiler {
  readonly #options: EngineOptions;
  readonly #outlet: ChunkOutlet;
  readonly #session: ProfilerSession;
  readonly #serialize: SerializeWorkerProfile;
  readonly #stops = new Map<ProfiledWorker, () => Promise<void>>();

  /** @param session whose counters these chunks count into */
  constructor(
    options: EngineOptions,
    outlet: ChunkOutlet,
    session: ProfilerSession,
    serialize: SerializeWorkerProfile,
  ) {
    this.#options = options;
    this.#outlet = outlet;
    this.#session = session;
    this.#serialize = serialize;
  }

  /** Until the worker ends, or what is returned is called; that resolves when the last chunk was handed over. */
  profile(worker: ProfiledWorker): () => Promise<void> {
    const known = this.#stops.get(worker);
    if (known !== undefined) return known;
    if (typeof worker?.startCpuProfile !== 'function') {
      warnOnce('worker', NEEDED);
      return async () => {};
    }
    const stopping = new AbortController();
    const stop = (): Promise<void> => {
      stopping.abort();
      if (this.#stops.get(worker) === stop) this.#stops.delete(worker);
      return ended;
    };
    this.#stops.set(worker, stop);
    const ended = this.#follow(worker, stopping.signal)
      .catch(explained)
      .then(() => void stop());
    return stop;
  }

  stopAll(): void {
    for (const stop of this.#stops.values()) void stop();
  }

  async #follow(worker: ProfiledWorker, stopping: AbortSignal): Promise<void> {
    let exited = (): void => {};
    const exit = new Promise<typeof ENDED>((resolve) => {
      exited = () => resolve(ENDED);
    });
    worker.once('exit', exited);
    // What was asked of a worker that ends may never be answered.
    const orEnded: OrEnded = (asked) => Promise.race([exit, asked]).catch(explained);
    await this.#profile(worker, stopping, orEnded).finally(() => worker.off('exit', exited));
  }

  async #profile(worker: ProfiledWorker, stopping: AbortSignal, orEnded: OrEnded): Promise<void> {
    const start = () => orEnded(startProfile(worker, this.#options.samplingIntervalMicros));
    const profilerId = newId();
    const threads = [String(worker.threadId), worker.threadName || `worker ${worker.threadId}`];

    let since = sampleMicros();
    let startedMs = performance.now();
    let running = await start();
    while (running !== ENDED) {
      this.#session.counters.chunksStarted++;
      await orEnded(wait(this.#options.chunkDurationMs, undefined, { ref: false, signal: stopping }).catch(() => {}));
      // One always runs: V8 forgets what functions there are when the last one ends, and has to look for them again.
      const next = stopping.aborted ? ENDED : await start();
      const text = await orEnded(running.stop());
      const pending = this.#session.handover.cut(startedMs);
      if (text === ENDED) return this.#session.handover.drop('worker_ended', pending);
      startedMs = performance.now();
      since = this.#deliver(text, since, { profilerId, threads, end: next === ENDED ? 'stop' : 'duration' }, pending);
      running = next;
    }
  }

  /** Returns until when the chunk goes. */
  #deliver(text: string, since: number, of: ChunkOfWorker, pending: PendingChunk): number {
    const { counters, handover } = this.#session;
    const startedMs = performance.now();
    try {
      const unixOffsetMicros = Date.now() * 1000 - sampleMicros();
      const chunk = this.#serialize(text, since, unixOffsetMicros, this.#chunkMeta(of, pending));
      counters.samples += chunk.busySamples;
      counters.samplesWithoutSlot += chunk.samplesWithoutSpan;
      if (chunk.json === null) handover.drop('too_few_samples', pending);
      else void handover.send(chunk.json, pending, chunk.busySamples);
      return chunk.until;
    } catch (error) {
      warnOnce('encode', `a chunk was lost: ${messageOf(error)}`);
      handover.drop('encode_failed', pending);
      return sampleMicros();
    } finally {
      counters.addStall(performance.now() - startedMs);
    }
  }

  #chunkMeta({ profilerId, threads, end }: ChunkOfWorker, { told }: PendingChunk): ChunkMeta {
    return chunkMeta(this.#outlet, {
      profilerId,
      extension: { end, stall_ms: this.#session.counters.lastStallMs, ...told.asExtension() },
      intervalMicros: this.#options.samplingIntervalMicros,
      threads,
      records: new Float64Array(),
      spanExtension: '',
    });
  }
}

/** Node 26 takes an interval, 24 takes nothing, and 22 takes a name. */
async function startProfile(worker: ProfiledWorker, intervalMicros: number): Promise<WorkerCpuProfile> {
  const start = (argument: unknown) => worker.startCpuProfile?.(argument) as Promise<WorkerCpuProfile>;
  try {
    return await start({ sampleInterval: intervalMicros / 1000 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_INVALID_ARG_TYPE') throw error;
    return start(`next-profiling ${newId()}`);
  }
}

/** Where Node cannot profile a worker, that is over; why is said, unless the worker has ended. */
function explained(error: NodeJS.ErrnoException): typeof ENDED {
  if (error.code !== 'ERR_WORKER_NOT_RUNNING') warnOnce('worker', `a worker is not profiled: ${messageOf(error)}`);
  return ENDED;
}
