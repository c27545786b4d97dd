import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeEnvelope } from '../src/envelope/decode.ts';
import type { ProfileChunk } from '../src/profile/types.ts';

/** One item as it arrived: its header and its payload as text. */
export interface ReceivedItem {
  readonly header: Record<string, unknown>;
  readonly payload: string;
}

/** How a server can fail: without an answer, with a cut connection, or with another answer than success. */
export type Fault = 'hang' | 'reset' | { status: number; headers?: Record<string, string> };

/** A server that takes what a Sentry SDK sends and keeps it. */
export class Sink {
  readonly items: ReceivedItem[] = [];
  /** What it does with the next requests; it keeps nothing of them. */
  fault: Fault | null = null;
  /** Whether it keeps what it takes. */
  keeps = true;
  /** Requests that were read to their end. */
  requests = 0;
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  static async listen(): Promise<Sink> {
    const sink = new Sink();
    await new Promise<void>((resolve) => sink.#server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        this.requests++;
        if (this.fault !== null) {
          this.#fail(this.fault, response);
          for (const check of this.#waiting) check();
          return;
        }
        const body = Buffer.concat(parts);
        const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
        for (const { header, payload } of this.keeps ? decodeEnvelope(bytes).items : []) {
          this.items.push({ header: { ...header }, payload: Buffer.from(payload).toString() });
        }
        response.end('{}');
        for (const check of this.#waiting) check();
      });
    });
  }

  #fail(fault: Fault, response: ServerResponse): void {
    if (fault === 'reset') response.socket?.resetAndDestroy();
    else if (fault !== 'hang') response.writeHead(fault.status, fault.headers).end('{}');
  }

  get dsn(): string {
    return `http://public@127.0.0.1:${(this.#server.address() as AddressInfo).port}/1`;
  }

  payloads(type: string): string[] {
    return this.items.filter(({ header }) => header.type === type).map(({ payload }) => payload);
  }

  get chunks(): ProfileChunk[] {
    return this.payloads('profile_chunk').map((payload) => JSON.parse(payload));
  }

  /** Waits until what was received meets the condition. */
  async until(condition: (sink: Sink) => boolean, what: string, timeoutMs = 20_000): Promise<void> {
    if (condition(this)) return;
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
      };
      const check = (): void => {
        if (!condition(this)) return;
        stop();
        resolve();
      };
      const timer = setTimeout(() => {
        stop();
        const got = this.items.map(({ header }) => header.type).join(', ') || 'nothing';
        reject(new Error(`waited ${timeoutMs} ms for ${what}; received ${got}`));
      }, timeoutMs);
      this.#waiting.add(check);
    });
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
