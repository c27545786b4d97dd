import { randomUUID } from 'node:crypto';
import type { DropReason, EnvelopeLike, SentryClient } from '../engine.ts';
import type { ChunkOutlet, Delivery } from '../profiler/handover.ts';
import type { DebugImages } from './debug-images.ts';
import { RateLimit, type TransportAnswer } from './rate-limit.ts';

/** More than this is not handed to a transport that does not answer: it keeps what it is given. */
const MOST_HELD = { chunks: 8, bytes: 16 * 1024 * 1024 };

/** Hands chunks to a Sentry client's transport, which knows about rate limits, proxies and tunnels. */
export class ChunkSender implements ChunkOutlet {
  readonly #client: SentryClient;
  readonly #images: DebugImages;
  readonly #held = new Set<Uint8Array>();
  readonly #rateLimit = new RateLimit();

  constructor(client: SentryClient, images: DebugImages) {
    this.#client = client;
    this.#images = images;
  }

  /** Bytes handed to the transport that it has not answered for. */
  get bytesHeld(): number {
    let bytes = 0;
    for (const json of this.#held) bytes += json.byteLength;
    return bytes;
  }

  describe(): Record<string, unknown> {
    const { release, environment } = this.#client.getOptions();
    const { name = 'sentry.javascript.node', version = '0.0.0' } = this.#client.getSdkMetadata()?.sdk ?? {};
    return {
      platform: 'node',
      client_sdk: { name, version },
      release: release ?? '',
      environment: environment ?? 'production',
    };
  }

  debugIds(): string {
    return this.#images.lines();
  }

  async send(json: Uint8Array): Promise<Delivery> {
    try {
      const refusal = this.#refusal(json);
      if (refusal) return refusal;
      this.#held.add(json);
      return this.#deliveryOf((await this.#client.sendEnvelope(this.envelopeOf(json))) as TransportAnswer | undefined);
    } catch {
      return 'send_failed';
    } finally {
      this.#held.delete(json);
    }
  }

  envelopeOf(json: Uint8Array): EnvelopeLike {
    const sdk = this.#client.getSdkMetadata()?.sdk;
    const headers = {
      event_id: randomUUID().replaceAll('-', ''),
      sent_at: new Date().toISOString(),
      ...(sdk?.name && sdk.version && { sdk: { name: sdk.name, version: sdk.version } }),
      ...(this.#client.getOptions().tunnel && { dsn: dsnText(this.#client.getDsn()) }),
    };
    return [headers, [[{ type: 'profile_chunk', platform: 'node', length: json.byteLength }, json]]];
  }

  #refusal(json: Uint8Array): DropReason | null {
    if (!this.#client.getTransport()) return 'no_transport';
    if (this.#rateLimit.isActive) return 'rate_limited';
    const fits = this.#held.size < MOST_HELD.chunks && this.bytesHeld + json.byteLength <= MOST_HELD.bytes;
    return fits ? null : 'queue_full';
  }

  #deliveryOf(answer: TransportAnswer | undefined): Delivery {
    this.#rateLimit.update(answer);
    const status = answer?.statusCode;
    // The SDK answers without a status for what it did not send: a limit that it knows is in force, or its queue is full.
    if (status === undefined) return 'held_back';
    if (status >= 200 && status < 300) return 'sent';
    return status === 429 ? 'rate_limited' : status === 413 ? 'too_large' : 'send_failed';
  }
}

function dsnText(dsn: unknown): string | undefined {
  if (dsn === null || typeof dsn !== 'object') return undefined;
  const { protocol, publicKey, host, port, path, projectId } = dsn as Record<string, string | undefined>;
  return `${protocol}://${publicKey}@${host}${port ? `:${port}` : ''}/${path ? `${path}/` : ''}${projectId}`;
}
