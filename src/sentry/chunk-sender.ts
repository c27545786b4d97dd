import { randomUUID } from 'node:crypto';
import type { EnvelopeLike, SentryClient } from '../engine.ts';
import type { ProfilerCounters } from '../profiler/profiler-counters.ts';
import type { ChunkOutlet } from '../profiler/session.ts';
import type { DebugImages } from './debug-images.ts';

/** Hands chunks to a Sentry client's transport, which knows about rate limits, proxies and tunnels. */
export class ChunkSender implements ChunkOutlet {
  readonly #client: SentryClient;
  readonly #counters: () => ProfilerCounters;
  readonly #images: DebugImages;
  #bytesHeld = 0;

  constructor(client: SentryClient, images: DebugImages, counters: () => ProfilerCounters) {
    this.#client = client;
    this.#images = images;
    this.#counters = counters;
  }

  /** Bytes handed to the transport that it has not answered for. */
  get bytesHeld(): number {
    return this.#bytesHeld;
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

  send(json: Uint8Array): void {
    if (!this.#client.getTransport()) return this.#counters().drop('no_transport');
    this.#bytesHeld += json.byteLength;
    void Promise.resolve(this.#client.sendEnvelope(this.#envelope(json)))
      .then(
        (response) => isAccepted(response),
        () => false,
      )
      .then((accepted) => {
        this.#bytesHeld -= json.byteLength;
        if (accepted) this.#counters().chunksSent++;
        else this.#counters().drop('send_failed');
      });
  }

  #envelope(json: Uint8Array): EnvelopeLike {
    const sdk = this.#client.getSdkMetadata()?.sdk;
    const headers = {
      event_id: randomUUID().replaceAll('-', ''),
      sent_at: new Date().toISOString(),
      ...(sdk?.name && sdk.version && { sdk: { name: sdk.name, version: sdk.version } }),
      ...(this.#client.getOptions().tunnel && { dsn: dsnText(this.#client.getDsn()) }),
    };
    return [headers, [[{ type: 'profile_chunk', platform: 'node', length: json.byteLength }, json]]];
  }
}

function isAccepted(response: unknown): boolean {
  const status = (response as { statusCode?: number } | undefined)?.statusCode;
  return status !== undefined && status >= 200 && status < 300;
}

function dsnText(dsn: unknown): string | undefined {
  if (dsn === null || typeof dsn !== 'object') return undefined;
  const { protocol, publicKey, host, port, path, projectId } = dsn as Record<string, string | undefined>;
  return `${protocol}://${publicKey}@${host}${port ? `:${port}` : ''}/${path ? `${path}/` : ''}${projectId}`;
}
