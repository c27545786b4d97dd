/**
 * Wires the engine's rooms into the one `Engine` of the process. Built as one CommonJS file that the door loads by an
 * absolute path; loading it starts nothing.
 */
import { join } from 'node:path';
import * as workerThreads from 'node:worker_threads';
import { loadBinding } from '../native/binding.ts';
import { InspectorBinding } from '../native/inspector/inspector-binding.ts';
import { serializeWorkerProfile } from '../native/inspector/worker-profile.ts';
import manifest from '../package.json' with { type: 'json' };
import { type AsyncSlots, findAsyncSlots, noSlots } from './attribution/async-slots.ts';
import { Attribution } from './attribution/attribution.ts';
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
import { ManualLifecycle } from './profiler/manual-lifecycle.ts';
import { ProfilerCounters } from './profiler/profiler-counters.ts';
import { ProfilerSession } from './profiler/session.ts';
import { TraceLifecycle } from './profiler/trace-lifecycle.ts';
import { WorkerProfiler } from './profiler/worker-profiler.ts';
import { readBuiltDebugIds } from './sentry/built-debug-ids.ts';
import { ChunkSender } from './sentry/chunk-sender.ts';
import { DebugImages } from './sentry/debug-images.ts';
import { flushWithProfiler } from './sentry/flush.ts';
import { followSpans } from './sentry/follow-spans.ts';
import { leaveEnvelopesUntraced } from './sentry/own-envelopes.ts';
import { prepareForEnd } from './sentry/prepare-for-end.ts';
import { sendSpooled } from './sentry/spooled-envelopes.ts';
import { TransactionProfiles } from './sentry/transaction-profiles.ts';
import { waitUntil } from './sentry/wait-until.ts';
import { SpoolFolder } from './spool/spool-folder.ts';

const { isMainThread, threadId } = workerThreads;

/** As long as Sentry's own wrappers of serverless functions wait. */
const FLUSH_TIMEOUT_MS = 2_000;

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
  #client: SentryClient | undefined;
  #session: ProfilerSession | undefined;
  /** Found once per process. */
  #slots: AsyncSlots | undefined;
  #attribution: Attribution | undefined;
  #bytesHeld = (): number => 0;
  /** Read once per process. */
  #images: DebugImages | undefined;
  #manual: ManualLifecycle | undefined;
  #workers: WorkerProfiler | undefined;
  #lifecycle: ProfilingStatus['lifecycle'] = null;
  #forgetEnd = (): void => {};
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
    if (this.#manual) this.#manual.start();
    else this.#explainManualCall('startProfiler');
  }

  stopProfiler(): void {
    if (this.#manual) this.#manual.stop();
    else this.#explainManualCall('stopProfiler');
  }

  profileWorker(worker: ProfiledWorker): () => Promise<void> {
    if (this.#workers) return this.#workers.profile(worker);
    this.#explainManualCall('profileWorker');
    return async () => {};
  }

  runInSpan<T>(name: string, run: () => T, components?: ComponentNames): T {
    return this.#componentSpans ? this.#componentSpans.run(name, run, components) : run();
  }

  status(): ProfilingStatus {
    const counters = this.#session?.counters ?? new ProfilerCounters();
    const profilerId = this.#session?.profilerId ?? null;
    const ready = this.#created?.fallbackReason ? 'fallback' : profilerId === null ? 'idle' : 'profiling';
    const state = this.#state === 'ready' ? ready : this.#state;
    return {
      state,
      reason: state === 'profiling' ? 'sampling' : this.#reason,
      binding: this.#created?.addon ?? null,
      attribution: this.#attribution?.status ?? {
        enabled: false,
        reason: this.#reason,
        slotsInUse: 0,
        lanesInUse: 0,
        slotsRefused: 0,
      },
      lifecycle: this.#lifecycle,
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
        samplingIntervalMicros: this.#session?.intervalMicros ?? 0,
        bytesHeld: this.#bytesHeld(),
      },
    };
  }

  #attach(client: SentryClient, options: unknown): void {
    if (this.#client === client) return;
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
    // A second Sentry.init() hands in a new client: the old one's session ends, its hooks fall silent.
    this.#session?.stop();
    this.#workers?.stopAll();
    this.#images ??= new DebugImages(readBuiltDebugIds(__dirname));
    const counters = (): ProfilerCounters => session.counters;
    const sender = new ChunkSender(client, this.#images);
    const transactions =
      sampler && new TransactionProfiles(client, sampler, this.#images, counters, () => session.deliver());
    // The inspector's interval cannot be changed while it runs.
    const maxOverhead = fallbackReason === null ? integration.value.maxOverhead : Number.POSITIVE_INFINITY;
    const samplingIntervalMicros = shortestInterval(integration.value.samplingIntervalMicros, fallbackReason === null);
    const chosen = { ...integration.value, samplingIntervalMicros, maxOverhead };
    const slots = this.#slotsFor(environment.value.attributionOff ? 'off' : integration.value.attribution);
    const attribution = new Attribution(binding, slots, chosen, { id: threadId, name: threadName() });
    const session = new ProfilerSession(binding, chosen, attribution, transactions ?? sender);
    this.#client = client;
    this.#componentSpans ??= new ComponentSpans();
    markPrerenders(client);
    leaveEnvelopesUntraced(client);
    this.#attribution = attribution;
    this.#bytesHeld = () => (transactions ?? sender).bytesHeld;
    this.#session = session;
    // Transactions are none of a worker's.
    this.#workers = transactions ? undefined : new WorkerProfiler(chosen, sender, session, serializeWorkerProfile);
    this.#lifecycle = lifecycle;
    this.#state = 'ready';
    const maxSpanDurationMs = transactions?.longestMs ?? integration.value.maxSpanDurationMs;
    const trace =
      lifecycle === 'manual' ? undefined : new TraceLifecycle(session, { ...integration.value, maxSpanDurationMs });
    this.#manual = trace ? undefined : new ManualLifecycle(session);
    this.#reason = fallbackReason ?? (trace ? 'no recording root span is alive' : 'startProfiler() was not called');
    followSpans(client, {
      attribution,
      // A transaction is linked to its own profile.
      profilerId: () => (transactions ? null : session.profilerId),
      rootStarted: (spanId, span) => {
        if (transactions?.started(spanId, span) !== false) trace?.rootStarted(spanId);
      },
      ended: (spanId, { id }) => {
        transactions?.ended(spanId, id);
        if (trace?.rootEnded(spanId)) waitUntil(async () => client.flush(FLUSH_TIMEOUT_MS));
      },
      isCurrent: () => this.#client === client,
    });
    flushWithProfiler(client, () => session.flush());
    this.#forgetEnd();
    this.#forgetEnd = prepareForEnd(
      client,
      spool,
      () => (transactions ? [] : session.finish().map((json) => sender.envelopeOf(json))),
      () => session.halt(),
    );
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
    const why =
      this.#lifecycle === 'trace'
        ? "profileLifecycle is 'trace', which starts and stops by itself"
        : this.#lifecycle === 'transaction'
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
