/**
 * Wires the engine's rooms into the one `Engine` of the process. Built as one CommonJS file that the door loads by an
 * absolute path; loading it starts nothing.
 */
import { join } from 'node:path';
import * as workerThreads from 'node:worker_threads';
import { loadBinding } from '../native/binding.ts';
import { InspectorBinding } from '../native/inspector/inspector-binding.ts';
import manifest from '../package.json' with { type: 'json' };
import { type AsyncSlots, findAsyncSlots, noSlots } from './attribution/async-slots.ts';
import { ClientProfiling } from './client-profiling.ts';
import { warnOnce } from './diagnostics.ts';
import type {
  ComponentNames,
  Engine,
  ProfiledWorker,
  ProfilingState,
  ProfilingStatus,
  SentryClient,
} from './engine.ts';
import { messageOf } from './errors.ts';
import { ComponentSpans } from './instrument/component-spans.ts';
import { markPrerenders } from './instrument/prerenders.ts';
import { checkEnvironment, checkIntegrationOptions, checkSentryOptions } from './options.ts';
import { type CreatedBinding, createBinding } from './profiler/create-binding.ts';
import { ProfilerCounters } from './profiler/profiler-counters.ts';
import { readBuiltDebugIds } from './sentry/built-debug-ids.ts';
import { DebugImages } from './sentry/debug-images.ts';
import { leaveEnvelopesUntraced } from './sentry/own-envelopes.ts';
import { sendSpooled } from './sentry/spooled-envelopes.ts';
import { SpoolFolder } from './spool/spool-folder.ts';

const { isMainThread, threadId } = workerThreads;

/** Where a binary may be: beside this file in a build's output, in the package's own folder otherwise. */
const BINARY_FOLDERS = [__dirname, join(__dirname, '..', 'prebuilds')];

function threadName(): string {
  if (isMainThread) return 'main';
  // Node has it from 24.6 on.
  const { threadName } = workerThreads as { threadName?: string };
  return threadName || `worker ${threadId}`;
}

class ProcessEngine implements Engine {
  readonly version = manifest.version;
  #state: Exclude<ProfilingState, 'idle' | 'profiling'> | 'ready' = 'off';
  #reason = 'no Sentry client has set up the integration';
  /** Decided once per process. */
  #sampled: boolean | undefined;
  /** Once per process. */
  #created: CreatedBinding | undefined;
  /** Of the client that came last. */
  #profiling: ClientProfiling | undefined;
  /** Found once per process. */
  #slots: AsyncSlots | undefined;
  /** Read once per process. */
  #images: DebugImages | undefined;
  /** Absent while nothing is profiled. */
  #componentSpans: ComponentSpans | undefined;

  attach(client: SentryClient, options: unknown): void {
    try {
      this.#attach(client, options);
    } catch (error) {
      this.#disable(messageOf(error));
    }
  }

  startProfiler(): void {
    if (this.#profiling?.manual) this.#profiling.manual.start();
    else this.#explainManualCall('startProfiler');
  }

  stopProfiler(): void {
    if (this.#profiling?.manual) this.#profiling.manual.stop();
    else this.#explainManualCall('stopProfiler');
  }

  profileWorker(worker: ProfiledWorker): () => Promise<void> {
    if (this.#profiling?.workers) return this.#profiling.workers.profile(worker);
    this.#explainManualCall('profileWorker');
    return async () => {};
  }

  runInSpan<T>(name: string, run: () => T, components?: ComponentNames): T {
    return this.#componentSpans ? this.#componentSpans.run(name, run, components) : run();
  }

  status(): ProfilingStatus {
    const profiling = this.#profiling;
    const counters = profiling?.session.counters ?? new ProfilerCounters();
    const profilerId = profiling?.session.profilerId ?? null;
    const ready = this.#created?.fallbackReason ? 'fallback' : profilerId === null ? 'idle' : 'profiling';
    const state = this.#state === 'ready' ? ready : this.#state;
    return {
      state,
      reason: state === 'profiling' ? 'sampling' : this.#reason,
      binding: this.#created?.addon ?? null,
      attribution: profiling?.attribution.status ?? {
        enabled: false,
        reason: this.#reason,
        slotsInUse: 0,
        lanesInUse: 0,
        slotsRefused: 0,
      },
      lifecycle: profiling?.lifecycle ?? null,
      profilerId,
      counters: {
        sessionsStarted: counters.sessionsStarted,
        chunksStarted: counters.chunksStarted,
        chunksSent: counters.chunksSent,
        chunksDropped: { ...counters.chunksDropped },
        samples: counters.samples,
        samplesWithoutSlot: counters.samplesWithoutSlot,
        profilerRestarts: counters.profilerRestarts,
      },
      cost: {
        lastStallMs: counters.lastStallMs,
        maxStallMs: counters.maxStallMs,
        overheadRatio: counters.overheadRatio,
        samplingIntervalMicros: profiling?.session.intervalMicros ?? 0,
        bytesHeld: profiling?.bytesHeld ?? 0,
      },
    };
  }

  #attach(client: SentryClient, options: unknown): void {
    if (this.#profiling?.client === client) return;
    const environment = checkEnvironment(process.env);
    const integration = checkIntegrationOptions(options);
    const sentry = checkSentryOptions(client.getOptions());
    for (const error of [...environment.errors, ...integration.errors, ...sentry.errors]) {
      warnOnce(error.message, error.message);
    }
    if (environment.value.off) return this.#rest('disabled', 'NEXT_PROFILING is off');
    const spoolDir = environment.value.spoolDir ?? integration.value.spoolDir;
    const spool = spoolDir === undefined ? undefined : new SpoolFolder(spoolDir);
    if (spool && isMainThread) sendSpooled(client, spool);
    const { lifecycle, sampler } = sentry.value;
    if (!sampler && !this.#isSampled(sentry.value.sessionSampleRate, environment.value.sampled)) return;

    this.#created ??= createBinding(
      () => loadBinding(BINARY_FOLDERS, process.env),
      () => new InspectorBinding(integration.value.samplingIntervalMicros),
      environment.value.lazyLogging,
    );
    const { binding, fallbackReason } = this.#created;
    if (fallbackReason !== null) warnOnce('fallback', fallbackReason);
    this.#images ??= new DebugImages(readBuiltDebugIds(__dirname));
    // The inspector's interval cannot be changed while it runs.
    const maxOverhead = fallbackReason === null ? integration.value.maxOverhead : Number.POSITIVE_INFINITY;
    const samplingIntervalMicros = shortestInterval(integration.value.samplingIntervalMicros, fallbackReason === null);
    this.#profiling?.replace();
    this.#profiling = new ClientProfiling({
      client,
      binding,
      slots: this.#slotsFor(environment.value.attributionOff ? 'off' : integration.value.attribution),
      options: { ...integration.value, samplingIntervalMicros, maxOverhead },
      lifecycle,
      sampler,
      images: this.#images,
      spool,
      thread: { id: threadId, name: threadName() },
    });
    this.#componentSpans ??= new ComponentSpans();
    markPrerenders(client);
    leaveEnvelopesUntraced(client);
    this.#state = 'ready';
    const waitsFor = lifecycle === 'manual' ? 'startProfiler() was not called' : 'no recording root span is alive';
    this.#reason = fallbackReason ?? waitsFor;
  }

  #slotsFor(attribution: 'auto' | 'off'): AsyncSlots {
    if (attribution === 'off') return noSlots('switched off');
    if (this.#created?.addon === null) return noSlots("node:inspector does not say a sample's context");
    if (process.platform === 'win32') return noSlots('on Windows V8 samples without the signal that could tell');
    // The signal handler serves one thread of the process.
    if (!isMainThread) return noSlots('in a worker thread samples do not know their span');
    this.#slots ??= findAsyncSlots((this.#created as CreatedBinding).binding);
    return this.#slots;
  }

  #isSampled(rate: number | undefined, always: boolean): boolean {
    if (rate === undefined) {
      const fix = 'set it in Sentry.init(), 1 profiles every process';
      warnOnce('rate', `profileSessionSampleRate is not set, so nothing is profiled; ${fix}`);
    }
    this.#sampled ??= Math.random() < (always && rate ? 1 : (rate ?? 0));
    if (!this.#sampled) this.#rest('unsampled', `profileSessionSampleRate is ${rate ?? 'not set'}`);
    return this.#sampled;
  }

  #explainManualCall(call: string): void {
    // Not being sampled is no mistake, and what disabled the profiler has been said.
    if (this.#state === 'unsampled' || this.#state === 'disabled') return;
    const lifecycle = this.#profiling?.lifecycle;
    const why =
      lifecycle === 'trace'
        ? "profileLifecycle is 'trace', which starts and stops by itself"
        : lifecycle === 'transaction'
          ? 'transactions are profiled, each by itself'
          : this.#reason;
    warnOnce(call, `${call}() does nothing: ${why}`);
  }

  #rest(state: 'disabled' | 'unsampled', reason: string): void {
    this.#state = state;
    this.#reason = reason;
  }

  #disable(reason: string): void {
    this.#rest('disabled', reason);
    warnOnce('disabled', reason);
  }
}

/** Windows wakes a sampler that sleeps only at its own timer's ticks, mostly every 15.6 ms. */
const SHORTEST_WINDOWS_INTERVAL_MICROS = 10_000;

function shortestInterval(wantedMicros: number, isAddon: boolean): number {
  return process.platform === 'win32' && isAddon
    ? Math.max(wantedMicros, SHORTEST_WINDOWS_INTERVAL_MICROS)
    : wantedMicros;
}

const KEY = Symbol.for('next-profiling.engine');
const globals = globalThis as { [KEY]?: Engine };

/** The process's engine: the first copy of this file to be loaded wins. */
globals[KEY] ??= new ProcessEngine();
export const engine: Engine = globals[KEY];
