/**
 * Preloaded into the server by `NODE_OPTIONS=--require`. Answers the doctor's questions over the IPC channel, from
 * inside, and changes nothing. Built as a CommonJS file of its own.
 */
import { disabledStatus } from '../disabled-status.ts';
import type { Engine, ProfilingStatus } from '../engine.ts';

/** What the Sentry client of the server says of itself. */
export interface SentryReport {
  /** `name@version` of the SDK, or null where the client does not say. */
  readonly sdk: string | null;
  readonly enabled: boolean;
  /** Host and port that envelopes go to. */
  readonly dsnHost: string | null;
  /** Undefined where `Sentry.init` was not told. */
  readonly tracesSampleRate?: unknown;
  readonly tracesSampler: boolean;
  readonly profileSessionSampleRate?: unknown;
  readonly profileLifecycle?: unknown;
  /** Who owns the integration named `ProfilingIntegration`. */
  readonly integration: 'ours' | 'of another package' | 'none';
}

export interface ProbeReport {
  readonly engineVersion: string | null;
  /** What `profilingStatus()` returns there; null where nothing of ours was set up. */
  readonly status: ProfilingStatus | null;
  /** What we wrote to the log, by subject. */
  readonly said: Readonly<Record<string, string>>;
  readonly sentry: SentryReport | null;
}

export type Question = 'report' | 'start' | 'stop' | 'flush';

/** A message to the probe and back. */
export interface ProbeMessage {
  readonly nextProfilingDoctor: number;
  readonly question?: Question;
  readonly report?: ProbeReport;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the process holds is looked at with care.
type Unknown = any;

const FLUSH_TIMEOUT_MS = 5_000;
const globals = globalThis as Unknown;

// A worker has no channel.
if (process.send !== undefined) {
  hideFromChildren();
  process.on('message', (message: Partial<ProbeMessage> | null) => {
    const { nextProfilingDoctor: id, question } = message ?? {};
    if (id !== undefined && question !== undefined) void answer(id, question);
  });
  // Neither keeps the server alive nor outlives the doctor.
  process.channel?.unref();
  process.once('disconnect', () => process.exit());
}

/** What the server starts shall find the options that the server was to have. */
function hideFromChildren(): void {
  const options = process.env.NODE_OPTIONS?.replace(/ ?--require="[^"]*"$/, '');
  if (options) process.env.NODE_OPTIONS = options;
  else delete process.env.NODE_OPTIONS;
}

async function answer(id: number, question: Question): Promise<void> {
  const client = sentryClient();
  try {
    if (question === 'flush') await client?.flush?.(FLUSH_TIMEOUT_MS);
    if (question === 'start') engine()?.startProfiler();
    if (question === 'stop') engine()?.stopProfiler();
  } finally {
    process.send?.({ nextProfilingDoctor: id, report: report(client) } satisfies ProbeMessage);
  }
}

const engine = (): Engine | undefined => globals[Symbol.for('next-profiling.engine')];

function report(client: Unknown): ProbeReport {
  const said: ReadonlyMap<string, string> = globals[Symbol.for('next-profiling.said')] ?? new Map();
  const missing = said.get('engine');
  // Never through the door: it looks for the engine from the call stack, and would find the one of this file's package.
  const status = engine()?.status() ?? (missing === undefined ? null : disabledStatus(missing));
  return {
    engineVersion: engine()?.version ?? null,
    status,
    said: Object.fromEntries(said),
    sentry: client === undefined ? null : describeClient(client, status !== null && status.state !== 'off'),
  };
}

function describeClient(client: Unknown, isOurs: boolean): SentryReport {
  const integration = client.getIntegrationByName?.('ProfilingIntegration');
  const options = client.getOptions?.() ?? {};
  const dsn = client.getDsn?.();
  const { name, version } = client.getSdkMetadata?.()?.sdk ?? {};
  return {
    sdk: version === undefined ? null : `${name}@${version}`,
    enabled: options.enabled !== false,
    dsnHost: dsn ? `${dsn.host}${dsn.port ? `:${dsn.port}` : ''}` : null,
    tracesSampleRate: options.tracesSampleRate,
    tracesSampler: typeof options.tracesSampler === 'function',
    profileSessionSampleRate: options.profileSessionSampleRate,
    profileLifecycle: options.profileLifecycle,
    integration: integration === undefined ? 'none' : isOurs ? 'ours' : 'of another package',
  };
}

/** The SDK may be bundled, so no module leads to it; each version keeps its scopes below its own key. */
function sentryClient(): Unknown {
  for (const carrier of Object.values<Unknown>(globals.__SENTRY__ ?? {})) {
    const scopes = [carrier?.acs?.getCurrentScope?.(), carrier?.defaultCurrentScope, carrier?.stack?.getScope?.()];
    const client = scopes.map((scope) => scope?.getClient?.()).find((found) => found !== undefined);
    if (client !== undefined) return client;
  }
  return undefined;
}
