import { randomUUID } from 'node:crypto';
import { arch, platform, release, type, version } from 'node:os';
import { warnOnce } from '../diagnostics.ts';
import type { EnvelopeLike, EventLike, SentryClient, SpanLike } from '../engine.ts';
import { messageOf } from '../errors.ts';
import type { TransactionSampler } from '../options.ts';
import { cutTransaction, MOST_SECONDS, type TransactionCut } from '../profile/transaction-profile.ts';
import type { ProfileChunk } from '../profile/types.ts';
import type { ChunkOutlet, Delivery } from '../profiler/handover.ts';
import type { ProfilerCounters } from '../profiler/profiler-counters.ts';
import type { DebugImages } from './debug-images.ts';
import { readSpan } from './span-names.ts';

/** A profiler that is stopped and started at the end of every request of a busy server would be its main work. */
const CUT_EVERY_MS = 100;
/** More transactions than this are not waited for. */
const MOST_SPANS = 1_000;

interface ProfiledSpan {
  /** Unix time. */
  startMs: number;
  /** By `performance.now()`, which no change of the wall clock moves; like `untilMs` below. */
  startedMs: number;
  endedMs: number;
  threadId: string;
  /** Resolves when the chunks that the span ran in are there; absent while it runs. */
  delivered?: Promise<void>;
}

/** A chunk of the session, whole before `untilMs`; read when a transaction first needs it. */
interface HeldChunk {
  untilMs: number;
  json: Uint8Array;
  chunk?: ProfileChunk;
}

/**
 * Cuts the profiles of single transactions out of one profiler session, and puts each into the envelope of its transaction.
 * A transaction is kept back, by a promise that the SDK waits for, until its profile is there.
 */
export class TransactionProfiles implements ChunkOutlet {
  readonly longestMs = MOST_SECONDS * 1000;
  readonly #client: SentryClient;
  readonly #sampler: TransactionSampler;
  readonly #images: DebugImages;
  readonly #counters: () => ProfilerCounters;
  readonly #cut: () => Promise<void>;
  readonly #spans = new Map<string, ProfiledSpan>();
  /** By profile id; taken by the envelope that names it. */
  readonly #cuts = new Map<string, { cut: TransactionCut; span: ProfiledSpan }>();
  #chunks: HeldChunk[] = [];
  #nextCut: Promise<void> | undefined;
  #lastCutMs = Number.NEGATIVE_INFINITY;

  /** @param cut ends the running chunk and resolves when this has got it */
  constructor(
    client: SentryClient,
    sampler: TransactionSampler,
    images: DebugImages,
    counters: () => ProfilerCounters,
    cut: () => Promise<void>,
  ) {
    this.#client = client;
    this.#sampler = sampler;
    this.#images = images;
    this.#counters = counters;
    this.#cut = cut;
    client.addEventProcessor((event: EventLike) => this.#link(event));
    client.on('beforeEnvelope', (envelope: EnvelopeLike) => this.#attach(envelope));
  }

  get bytesHeld(): number {
    return this.#chunks.reduce((sum, { json }) => sum + json.byteLength, 0);
  }

  /** Whether this root span gets a profile. */
  started(spanId: string, span: SpanLike): boolean {
    if (!this.#isSampled(span)) return false;
    // The oldest are of transactions that somebody filtered out.
    for (const id of this.#spans.keys()) if (this.#spans.size >= MOST_SPANS) this.#spans.delete(id);
    const startedMs = performance.now();
    this.#spans.set(spanId, { startMs: Date.now(), startedMs, endedMs: Number.POSITIVE_INFINITY, threadId: '' });
    return true;
  }

  ended(spanId: string, threadId: string): void {
    const span = this.#spans.get(spanId);
    if (span === undefined) return;
    span.endedMs = performance.now();
    span.threadId = threadId;
    this.#nextCut ??= this.#cutSoon();
    span.delivered = this.#nextCut;
  }

  describe(): Record<string, unknown> {
    return { platform: 'node' };
  }

  debugIds(): string {
    return this.#images.lines();
  }

  async send(json: Uint8Array): Promise<Delivery> {
    const nowMs = performance.now();
    const oldestMs = Math.min(nowMs, ...[...this.#spans.values()].map(({ startedMs }) => startedMs));
    this.#chunks = this.#chunks.filter(({ untilMs }) => untilMs >= Math.max(oldestMs, nowMs - 2000 * MOST_SECONDS));
    this.#chunks.push({ untilMs: nowMs, json });
    return 'kept';
  }

  #isSampled(span: SpanLike): boolean {
    try {
      const { name, attributes } = readSpan(span);
      const found = this.#sampler({ name: String(name), attributes });
      return Math.random() < Number(found);
    } catch (error) {
      warnOnce('profilesSampler', `profilesSampler threw, so nothing is profiled: ${messageOf(error)}`);
      return false;
    }
  }

  async #cutSoon(): Promise<void> {
    const waitMs = Math.max(0, this.#lastCutMs + CUT_EVERY_MS - performance.now());
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    this.#nextCut = undefined;
    this.#lastCutMs = performance.now();
    await this.#cut();
  }

  async #link(event: EventLike): Promise<EventLike> {
    const spanId = event.type === 'transaction' ? String(event.contexts?.trace?.span_id) : '';
    const span = this.#spans.get(spanId);
    if (span?.delivered === undefined) return event;
    await span.delivered;
    this.#spans.delete(spanId);
    const endMs = span.startMs + span.endedMs - span.startedMs;
    const window = { start: span.startMs / 1000, end: endMs / 1000, thread_id: span.threadId };
    const cut = cutTransaction(this.#read(span), window);
    if (cut === null) {
      this.#counters().drop('too_few_samples');
      return event;
    }
    const profileId = randomUUID().replaceAll('-', '');
    this.#cuts.set(profileId, { cut, span });
    for (const id of this.#cuts.keys()) if (this.#cuts.size > MOST_SPANS) this.#cuts.delete(id);
    return { ...event, contexts: { ...event.contexts, profile: { profile_id: profileId } } };
  }

  #read(span: ProfiledSpan): ProfileChunk[] {
    return this.#chunks
      .filter(({ untilMs }) => untilMs >= span.startedMs)
      .map((held) => {
        held.chunk ??= JSON.parse(new TextDecoder().decode(held.json)) as ProfileChunk;
        return held.chunk;
      });
  }

  #attach([, items]: EnvelopeLike): void {
    for (const [header, payload] of [...items]) {
      if (header.type !== 'transaction') continue;
      const event = payload as TransactionEvent;
      const profileId = event.contexts?.profile?.profile_id;
      const found = typeof profileId === 'string' ? this.#cuts.get(profileId) : undefined;
      if (found === undefined) continue;
      this.#cuts.delete(profileId as string);
      items.push([{ type: 'profile' }, this.#payload(profileId as string, event, found)]);
      this.#counters().chunksSent++;
    }
  }

  #payload(profileId: string, event: TransactionEvent, { cut, span }: { cut: TransactionCut; span: ProfiledSpan }) {
    const { release: appRelease = '', environment } = this.#client.getOptions();
    return {
      event_id: profileId,
      version: '1',
      platform: 'node',
      timestamp: new Date(span.startMs).toISOString(),
      release: appRelease,
      ...(environment !== undefined && { environment }),
      runtime: { name: 'node', version: process.versions.node },
      os: { name: platform(), version: release(), build_number: version() },
      device: { architecture: arch(), is_emulator: false, locale: '', manufacturer: type(), model: '' },
      ...cut,
      transaction: {
        id: event.event_id,
        name: event.transaction,
        trace_id: event.contexts?.trace?.trace_id,
        active_thread_id: span.threadId,
      },
    };
  }
}

interface TransactionEvent extends EventLike {
  event_id?: string;
  transaction?: string;
}
