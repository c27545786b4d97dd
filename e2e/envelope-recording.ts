import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** One request of a Sentry SDK, as it came over the wire. */
export interface RecordedEnvelope {
  /** Path and query, with the key in it. */
  path: string;
  encoding?: string;
  auth?: string;
  /** Base64. */
  body: string;
}

/** Takes what a Sentry SDK sends and keeps it as it came, to be sent again. */
export class EnvelopeRecorder {
  readonly envelopes: RecordedEnvelope[] = [];
  readonly #server: Server;

  static async listen(): Promise<EnvelopeRecorder> {
    const recorder = new EnvelopeRecorder();
    recorder.#server.listen(0, '127.0.0.1');
    await once(recorder.#server, 'listening');
    return recorder;
  }

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const { 'content-encoding': encoding, 'x-sentry-auth': auth } = request.headers;
      this.envelopes.push({
        path: request.url ?? '/',
        ...(encoding !== undefined && { encoding }),
        ...(typeof auth === 'string' && { auth }),
        body: Buffer.concat(parts).toString('base64'),
      });
      response.end('{}');
    });
  }

  get dsn(): string {
    return `http://public@127.0.0.1:${(this.#server.address() as AddressInfo).port}/1`;
  }

  /** Profile chunks so far. */
  get chunks(): number {
    return this.envelopes.filter(({ body, encoding }) => {
      const bytes = Buffer.from(body, 'base64');
      return (encoding === 'gzip' ? gunzipSync(bytes) : bytes).includes('"type":"profile_chunk"');
    }).length;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

/** Sends envelopes to a collector, one after the other. */
export async function replay(envelopes: readonly RecordedEnvelope[], collector: string): Promise<void> {
  for (const { path, encoding, auth, body } of envelopes) {
    const headers = { ...(encoding && { 'content-encoding': encoding }), ...(auth && { 'x-sentry-auth': auth }) };
    const response = await fetch(`${collector}${path}`, { method: 'POST', headers, body: Buffer.from(body, 'base64') });
    if (!response.ok) throw new Error(`the collector answered ${response.status}: ${await response.text()}`);
  }
}
