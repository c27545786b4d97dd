/** What the door knows of the engine, and what both know of a Sentry client. Types only. */
/** A span of Sentry's in plain data: by the first two names in SDK 10, by the others in 11. */
export interface SpanJson {
  description?: string;
  data?: Record<string, unknown>;
  name?: string;
  attributes?: Record<string, unknown>;
}

/** A Sentry or OpenTelemetry span, as far as we look at it. */
export interface SpanLike {
  spanContext(): { spanId: string; traceId: string };
  isRecording(): boolean;
  setAttribute(name: string, value: string | number): unknown;
  /** A span of Sentry's own. */
  getSpanJSON?(): SpanJson;
  /** A span of OpenTelemetry's SDK. */
  name?: string;
  attributes?: Record<string, unknown>;
}

/** An event on its way to Sentry, as far as we change it. */
export interface EventLike {
  type?: string | undefined;
  contexts?: Record<string, Record<string, unknown> | undefined>;
}

/** The envelope tuple of `@sentry/core`. A `Uint8Array` payload is sent as it is. */
export type EnvelopeLike = [
  headers: Record<string, unknown>,
  items: [header: Record<string, unknown>, payload: unknown][],
];

/**
 * The part of a Sentry client (`@sentry/core` 10 and 11) that we use. Structural on purpose: the engine works with
 * whichever copy of the SDK hands its client in, and imports none.
 */
export interface SentryClient {
  getOptions(): SentryOptions;
  getDsn(): unknown;
  getSdkMetadata(): { sdk?: { name?: string; version?: string } } | undefined;
  getTransport(): unknown;
  sendEnvelope(envelope: unknown): PromiseLike<unknown>;
  flush(timeout?: number): PromiseLike<boolean>;
  emit(hook: 'flush'): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's own event type is its own.
  addEventProcessor(processor: any): void;
  /** Where the SDK keeps the scope of the running task, on Node. */
  asyncLocalStorageLookup?: { asyncLocalStorage?: object } | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: the SDK overloads `on` once per hook; each use names its own types.
  on(hook: any, callback: any): unknown;
}

/** The options of `Sentry.init` that we read, as Sentry documents them. */
export interface SentryOptions {
  release?: string | undefined;
  environment?: string | undefined;
  tunnel?: string | undefined;
  profileLifecycle?: unknown;
  profileSessionSampleRate?: unknown;
  profilesSampleRate?: unknown;
  profilesSampler?: unknown;
  traceLifecycle?: unknown;
}

/** Options of `nodeProfilingIntegration()`. All optional; a wrong value is reported and its default used. */
export interface IntegrationOptions {
  /** Time between samples, microseconds, 1_000 to 1_000_000. Default 10_101 (99 Hz). */
  samplingIntervalMicros?: number;
  /** Longest chunk, milliseconds, 1_000 to 60_000. Default 30_000. */
  chunkDurationMs?: number;
  /** A root span older than this stops holding the profiler, milliseconds, from 1_000. Default 300_000. */
  maxSpanDurationMs?: number;
  /** How long sampling goes on after the last root span, milliseconds, 0 to 60_000. Default 1_000. */
  idleTimeoutMs?: number;
  /** Whether samples are to know their span, where Node can tell. Default `'auto'`. */
  attribution?: 'auto' | 'off';
  /**
   * What profiling may cost, as a share of one core, 0.001 to 1. Above it samples are taken less often, until it costs less
   * again. Default 0.03.
   */
  maxOverhead?: number;
  /** Whether concurrent requests are sent under threads of their own. Default true. */
  lanes?: boolean;
  /**
   * Folder in which a process that ends leaves what it could not send, to the next one that starts. Default: none, and
   * what a process has not sent when it ends is lost.
   */
  spoolDir?: string;
}

/** Why chunks or samples did not reach Sentry. */
export type DropReason =
  /** No sample showed the thread at work. */
  | 'too_few_samples'
  | 'encode_failed'
  /** The Sentry client has no DSN, or is not enabled. */
  | 'no_transport'
  /** Too much was waiting for an answer already. */
  | 'queue_full'
  /** Sentry answered 429, or asked for a pause before. */
  | 'rate_limited'
  /** Sentry answered 413. */
  | 'too_large'
  /** The SDK did not send it: a rate limit is in force, or its own queue is full. */
  | 'held_back'
  /** No answer, or another that is none of success. */
  | 'send_failed';

export type ProfilingState = 'off' | 'unsampled' | 'idle' | 'profiling' | 'fallback' | 'disabled';

/** What `profilingStatus()` returns: plain data, safe to send from a health check. */
export interface ProfilingStatus {
  state: ProfilingState;
  /** One sentence: why the state is what it is. */
  reason: string;
  /** The loaded addon, if one is. */
  binding: { file: string; target: string } | null;
  attribution: {
    /** Whether samples know their span. */
    enabled: boolean;
    reason: string;
    /** Spans that samples can be given to at the moment, and requests with a lane. */
    slotsInUse: number;
    lanesInUse: number;
    /** Spans that shared their parent's slot, because there was none left. */
    slotsRefused: number;
  };
  lifecycle: 'manual' | 'trace' | 'transaction' | null;
  /** The running session's id, if one runs. */
  profilerId: string | null;
  counters: {
    sessionsStarted: number;
    chunksStarted: number;
    chunksSent: number;
    chunksDropped: Partial<Record<DropReason, number>>;
    samples: number;
    /** Samples that no span could be named for; all of them while attribution is off. */
    samplesWithoutSlot: number;
    /** Times an empty or stuck V8 profiler was replaced. */
    profilerRestarts: number;
  };
  cost: {
    /** Main-thread time of the last start, cut or stop of a chunk, milliseconds. */
    lastStallMs: number;
    maxStallMs: number;
    /** CPU time of profiling, on all threads, as a share of the time profiled. */
    overheadRatio: number;
    /** Time between samples at present: wider than asked for while profiling would cost more than `maxOverhead`. */
    samplingIntervalMicros: number;
    /** Encoded chunks not yet handed to the transport, bytes. */
    bytesHeld: number;
  };
}

/** What the file that renders calls the components it uses, by name. Asked for when they are needed. */
export type ComponentNames = () => Readonly<Record<string, unknown>>;

/** A `Worker` of `node:worker_threads`, as far as we use it. */
export interface ProfiledWorker {
  readonly threadId: number;
  /** Newer versions of Node tell it. */
  readonly threadName?: string | null;
  /** Newer versions of Node have it. */
  startCpuProfile?(options?: unknown): Promise<WorkerCpuProfile>;
  once(event: 'exit', listener: () => void): unknown;
  off(event: 'exit', listener: () => void): unknown;
}

/** A profile of a worker that Node takes. */
export interface WorkerCpuProfile {
  stop(): Promise<string>;
}

/** The one engine of a process. No method throws. */
export interface Engine {
  /** Version of the package that the engine was built from. */
  readonly version: string;
  attach(client: SentryClient, options: unknown): void;
  startProfiler(): void;
  stopProfiler(): void;
  profileWorker(worker: ProfiledWorker): () => Promise<void>;
  status(): ProfilingStatus;
  /**
   * Runs a function of the user's inside a span, if one is active that is recorded. Throws what the function throws.
   * Called by what `plugin/wrap/` adds to the user's files, which may be of another version. With `components` the
   * result is what React renders, and late parts of it have spans, too.
   */
  runInSpan<T>(name: string, run: () => T, components?: ComponentNames): T;
}
