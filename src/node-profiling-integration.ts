import { saidOn, warnOnce } from './diagnostics.ts';
import { disabledStatus } from './disabled-status.ts';
import type { Engine, IntegrationOptions, ProfiledWorker, ProfilingStatus, SentryClient } from './engine.ts';
import { type EngineMiss, findEngine } from './engine-handle.ts';
import { ENGINE_NOT_FOUND } from './errors.ts';

/** The shape that the Sentry SDK knows a profiling integration by. */
export interface NodeProfilingIntegration {
  name: 'ProfilingIntegration';
  setup(client: SentryClient): void;
  /** What `Sentry.profiler.startProfiler()` and `stopProfiler()` call. */
  _profiler: { start(): void; stop(): void };
}

/**
 * Profiles this process and sends chunks through the Sentry client that it is given to. Reads `profileLifecycle` and
 * `profileSessionSampleRate` from `Sentry.init`. Never throws: what is wrong is said in one log line, and the app goes
 * on without profiles.
 *
 * @example
 * Sentry.init({ profileSessionSampleRate: 1, profileLifecycle: 'trace', integrations: [nodeProfilingIntegration()] });
 */
export function nodeProfilingIntegration(options?: IntegrationOptions): NodeProfilingIntegration {
  return {
    name: 'ProfilingIntegration',
    setup: (client) => engineOrWarn()?.attach(client, options),
    _profiler: profilerCalls,
  };
}

const profilerCalls = {
  start: (): void => engineOrWarn()?.startProfiler(),
  stop: (): void => engineOrWarn()?.stopProfiler(),
};

/** For code that does not have the Sentry object at hand. */
export const profiler = {
  /** Starts the profiler in the `manual` lifecycle. */
  startProfiler: profilerCalls.start,
  stopProfiler: profilerCalls.stop,
  /**
   * Profiles a worker thread that has no Sentry client of its own, in every lifecycle, until it ends or what this returns is
   * called; that resolves when the last chunk was handed over. Never throws.
   */
  profileWorker: (worker: ProfiledWorker): (() => Promise<void>) =>
    engineOrWarn()?.profileWorker(worker) ?? (async () => {}),
};

/** What the profiler is doing and what it costs. Never throws, never loads the addon. */
export function profilingStatus(): ProfilingStatus {
  const search = findEngine();
  // Another copy of the door was elsewhere and looked elsewhere; what the log says is what the status says.
  return search.engine ? search.engine.status() : disabledStatus(saidOn('engine') ?? missing(search));
}

function engineOrWarn(): Engine | null {
  const search = findEngine();
  if (!search.engine) warnOnce('engine', missing(search));
  return search.engine;
}

function missing({ tried, fix }: EngineMiss): string {
  const where = tried.length === 0 ? 'this runtime is not Node' : `looked for ${tried.join(', ')}`;
  return `${ENGINE_NOT_FOUND} (${where}), so nothing is profiled; ${fix}`;
}
