import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeBody } from '../../src/envelope/content-encoding.ts';
import { decodeEnvelope } from '../../src/envelope/decode.ts';
import type { ProfileChunk } from '../../src/profile/types.ts';

/** A profile that arrived, and what it took on the wire. */
export interface Upload {
  readonly wireBytes: number;
  /** Sentry's, if it is one. */
  readonly chunk?: ProfileChunk;
  /** Those of pprof, unpacked, if they are. */
  readonly pprof?: Uint8Array;
}

const MOST_BYTES = 256 * 1024 * 1024;

/** Takes what any of the profilers sends, as Sentry, a Datadog agent or Pyroscope would, and keeps the profiles. */
export class Receiver {
  readonly uploads: Upload[] = [];
  readonly #server: Server;
  readonly #reading = new Set<Promise<void>>();

  static async listen(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        const { 'content-encoding': encoding, 'content-type': type = '' } = request.headers;
        const read = this.#read(request.url ?? '', Buffer.concat(parts), encoding, type).finally(() => {
          this.#reading.delete(read);
          response.end('{}');
        });
        this.#reading.add(read);
      });
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get dsn(): string {
    return `${this.origin.replace('//', '//public@')}/1`;
  }

  get wireBytes(): number {
    return this.uploads.reduce((sum, { wireBytes }) => sum + wireBytes, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#reading);
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #read(url: string, wire: Buffer, encoding: string | undefined, type: string): Promise<void> {
    const wireBytes = wire.byteLength;
    if (url.includes('/envelope/')) {
      const { items } = decodeEnvelope(await decodeBody(wire, encoding, MOST_BYTES));
      const chunk = items.find(({ header }) => header.type === 'profile_chunk');
      if (chunk) this.uploads.push({ wireBytes, chunk: JSON.parse(Buffer.from(chunk.payload).toString()) });
    } else if (url.startsWith('/ingest')) {
      this.uploads.push({ wireBytes, pprof: await decodeBody(wire, packedAs(wire), MOST_BYTES) });
    } else if (type.startsWith('multipart/form-data')) {
      const form = await new Response(new Uint8Array(wire), { headers: { 'content-type': type } }).formData();
      for (const [name, part] of form) {
        if (typeof part === 'string' || !/wall/.test(`${name} ${part.name}`)) continue;
        const bytes = new Uint8Array(await part.arrayBuffer());
        this.uploads.push({ wireBytes, pprof: await decodeBody(bytes, packedAs(bytes), MOST_BYTES) });
      }
    }
  }
}

/** How a part is packed, by its first bytes. */
function packedAs(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0x1f && second === 0x8b) return 'gzip';
  return first === 0x28 && second === 0xb5 ? 'zstd' : undefined;
}
