import { serializeWorkerProfile } from '../native/inspector/worker-profile.ts';
import type { AsyncSlots } from './attribution/async-slots.ts';
import { Attribution } from './attribution/attribution.ts';
import type { ProfilingStatus, SentryClient } from './engine.ts';
import type { EngineOptions, TransactionSampler } from './options.ts';
import type { CreatedBinding } from './profiler/create-binding.ts';
import { ManualLifecycle } from './profiler/manual-lifecycle.ts';
import { ProfilerSession } from './profiler/session.ts';
import { TraceLifecycle } from './profiler/trace-lifecycle.ts';
import { WorkerProfiler } from './profiler/worker-profiler.ts';
import { ChunkSender } from './sentry/chunk-sender.ts';
import type { DebugImages } from './sentry/debug-images.ts';
import { flushWithProfiler } from './sentry/flush.ts';
import { followSpans } from './sentry/follow-spans.ts';
import { prepareForEnd } from './sentry/prepare-for-end.ts';
import { TransactionProfiles } from './sentry/transaction-profiles.ts';
import { waitUntil } from './sentry/wait-until.ts';
import type { SpoolFolder } from './spool/spool-folder.ts';

/** As long as Sentry's own wrappers of serverless functions wait. */
const FLUSH_TIMEOUT_MS = 2_000;

/** What a client's profiling is made of. */
export interface ClientProfilingParts {
  readonly client: SentryClient;
  readonly binding: CreatedBinding['binding'];
  readonly slots: AsyncSlots;
  readonly options: EngineOptions;
  readonly lifecycle: NonNullable<ProfilingStatus['lifecycle']>;
  /** Chooses transactions, in the lifecycle of that name. */
  readonly sampler: TransactionSampler | undefined;
  readonly images: DebugImages;
  readonly spool: SpoolFolder | undefined;
  readonly thread: { readonly id: number; readonly name: string };
}

/** All that profiles for one Sentry client, until another client takes its place. */
export class ClientProfiling {
  readonly client: SentryClient;
  readonly lifecycle: ClientProfilingParts['lifecycle'];
  readonly session: ProfilerSession;
  readonly attribution: Attribution;
  /** In the `manual` lifecycle. */
  readonly manual: ManualLifecycle | undefined;
  /** Transactions are none of a worker's. */
  readonly workers: WorkerProfiler | undefined;
  readonly #sender: ChunkSender;
  readonly #transactions: TransactionProfiles | undefined;
  readonly #trace: TraceLifecycle | undefined;
  readonly #forgetEnd: () => void;
  #isReplaced = false;

  constructor({ client, binding, slots, options, lifecycle, sampler, images, spool, thread }: ClientProfilingParts) {
    this.client = client;
    this.lifecycle = lifecycle;
    this.#sender = new ChunkSender(client, images);
    const counters = () => this.session.counters;
    this.#transactions =
      sampler && new TransactionProfiles(client, sampler, images, counters, () => this.session.deliver());
    this.attribution = new Attribution(binding, slots, options, thread);
    this.session = new ProfilerSession(binding, options, this.attribution, this.#transactions ?? this.#sender);
    this.workers = sampler
      ? undefined
      : new WorkerProfiler(options, this.#sender, this.session, serializeWorkerProfile);
    const maxSpanDurationMs = this.#transactions?.longestMs ?? options.maxSpanDurationMs;
    if (lifecycle === 'manual') this.manual = new ManualLifecycle(this.session);
    else this.#trace = new TraceLifecycle(this.session, { ...options, maxSpanDurationMs });
    this.#follow();
    this.#forgetEnd = prepareForEnd(
      client,
      spool,
      () => this.#unsent(),
      () => this.session.halt(),
    );
  }

  /** Bytes of chunks that wait for an answer. */
  get bytesHeld(): number {
    return (this.#transactions ?? this.#sender).bytesHeld;
  }

  /** Ends the session and falls silent: a second `Sentry.init()` hands in a new client. */
  replace(): void {
    this.#isReplaced = true;
    this.session.stop();
    this.workers?.stopAll();
    this.#forgetEnd();
  }

  #follow(): void {
    const [transactions, trace] = [this.#transactions, this.#trace];
    followSpans(this.client, {
      attribution: this.attribution,
      // A transaction is linked to its own profile.
      profilerId: () => (transactions ? null : this.session.profilerId),
      rootStarted: (spanId, span) => {
        if (transactions?.started(spanId, span) !== false) trace?.rootStarted(spanId);
      },
      ended: (spanId, { id }) => {
        transactions?.ended(spanId, id);
        if (trace?.rootEnded(spanId)) waitUntil(async () => this.client.flush(FLUSH_TIMEOUT_MS));
      },
      isCurrent: () => !this.#isReplaced,
    });
    flushWithProfiler(this.client, () => this.session.flush());
  }

  /** For a process that is ending: ends the session and returns what it has not sent. */
  #unsent(): ReturnType<ChunkSender['envelopeOf']>[] {
    return this.#transactions ? [] : this.session.finish().map((json) => this.#sender.envelopeOf(json));
  }
}
