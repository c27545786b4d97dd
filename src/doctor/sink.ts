import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeBody } from '../envelope/content-encoding.ts';
import { decodeEnvelope } from '../envelope/decode.ts';
import { validateChunk } from '../profile/validate-chunk.ts';

const MAX_BODY_BYTES = 50 * 1024 * 1024;

/** Takes what the server under test sends, in Sentry's place, and keeps what the checks ask for. */
export class Sink {
  /** Where it listens. */
  host = '';
  /** Samples in chunks that Sentry would take. */
  samples = 0;
  acceptedChunks = 0;
  /** Why Sentry would refuse the last chunk that it would refuse. */
  refusal: string | null = null;
  readonly #server: Server;

  static async listen(): Promise<Sink> {
    const sink = new Sink();
    await new Promise<void>((resolve, reject) => {
      sink.#server.once('error', reject);
      sink.#server.listen(0, '127.0.0.1', resolve);
    });
    sink.host = `127.0.0.1:${(sink.#server.address() as AddressInfo).port}`;
    return sink;
  }

  private constructor() {
    this.#server = createServer(async (request, response) => {
      try {
        await this.#take(request);
      } catch {
        // A sender that goes away in the middle: what it sent never counts.
      }
      response.end('{}');
    });
  }

  get dsn(): string {
    return `http://doctor@${this.host}/1`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(request: IncomingMessage): Promise<void> {
    const parts: Uint8Array[] = [];
    for await (const part of request) parts.push(part);
    const body = await decodeBody(Buffer.concat(parts), request.headers['content-encoding'], MAX_BODY_BYTES);
    for (const { header, payload } of decodeEnvelope(body).items) {
      if (header.type === 'profile_chunk') this.#takeChunk(Buffer.from(payload).toString(), String(header.platform));
    }
  }

  #takeChunk(json: string, platform: string): void {
    const verdict = validateChunk(json, platform);
    if (verdict.ok) {
      this.acceptedChunks += 1;
      this.samples += verdict.chunk.profile.samples.length;
    } else {
      this.refusal = `${verdict.reason}: ${verdict.detail}`;
    }
  }
}
