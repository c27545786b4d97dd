import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cannotListen, portTaken, tokenNeeded } from '../errors.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import { DEFAULT_RETENTION, type Retention } from '../store/retention.ts';
import type { Symbolicator } from '../symbolicate/symbolicator.ts';
import { isLoopback, TOKEN_PATTERN } from './access.ts';
import { answerError, statusOf } from './answers.ts';
import type { StatusAnswer } from './api-types.ts';
import { serve } from './endpoints.ts';
import { EnvelopeReaders } from './envelope-readers.ts';
import { Ingest } from './ingest.ts';
import { ProblemLog } from './problem-log.ts';
import type { Service } from './service.ts';
import { Upkeep } from './upkeep.ts';

export interface CollectorOptions {
  store: ProfileStore;
  /** What `store` resolves frames with: knows what became of them, and their sources' text. */
  symbols?: Symbolicator;
  /** Version of this package, for `/api/v1/status`. */
  version: string;
  /** Default `127.0.0.1`. Another than loopback needs a token. */
  host?: string;
  /** 0 (default): a free one. */
  port?: number;
  /** At least 16 letters, digits, `-` or `_`. Readers send it as a bearer, SDKs as the public key of their DSN. */
  token?: string;
  /** What is kept at most, where the store does not see to that by itself. Default: 30 days, 5 GB. */
  retention?: Retention;
  /** Largest body as it comes over the wire, bytes. Default 20 MiB. */
  maxWireBytes?: number;
  /** Largest body after decompression, bytes. Default 50 MiB. */
  maxBodyBytes?: number;
  /** Where `viewer/` and `speedscope/` are; without it a browser gets the route table as text. */
  pagesFolder?: string;
  /** `https://ORG.sentry.io`: traces link there. */
  sentryUrl?: string;
  /** Where problems on the collector's own side are written to, each once. Default: stderr. */
  log?: (line: string) => void;
}

export interface Collector {
  readonly port: number;
  /** Where to read: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Where to send: what goes into `SENTRY_DSN`. */
  readonly dsn: string;
  /** What became of the envelopes so far. */
  readonly counters: Readonly<StatusAnswer['ingest']>;
  /** Resolves when every envelope is stored and every connection closed, or after `timeoutMs` at the latest. */
  settled(timeoutMs: number): Promise<void>;
  /** Stops listening and cuts what is still open. The store stays open: it is the caller's. */
  close(): Promise<void>;
}

const MIB = 1024 * 1024;

/** Listens. Rejects with `NP_PORT`, or with `NP_OPTION` for a host that needs a token. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { store, version, host = '127.0.0.1', port = 0, token } = options;
  if (!isLoopback(host) && (token === undefined || !TOKEN_PATTERN.test(token))) throw tokenNeeded(host);
  const problems = new ProblemLog(options.log ?? ((line) => process.stderr.write(line)));
  const readers = new EnvelopeReaders();
  let inHand = 0;
  const service: Service = {
    version,
    host,
    token,
    maxWireBytes: options.maxWireBytes ?? 20 * MIB,
    maxBodyBytes: options.maxBodyBytes ?? 50 * MIB,
    store,
    symbols: options.symbols ?? null,
    ingest: new Ingest(store, readers, problems),
    upkeep: new Upkeep(
      store,
      options.retention ?? DEFAULT_RETENTION,
      () => inHand > 0,
      (error) => problems.report(error),
    ),
    sentryUrl: options.sentryUrl?.replace(/\/+$/, '') ?? null,
    pagesFolder: options.pagesFolder ?? null,
  };
  const server = createServer(async (request, response) => {
    inHand += 1;
    try {
      await serve(service, request, response);
    } catch (error) {
      if (!request.complete) response.setHeader('connection', 'close');
      if (statusOf(error) >= 500) problems.report(error);
      answerError(response, error);
    } finally {
      inHand -= 1;
    }
  });
  await listen(server, host, port);
  service.upkeep.start();
  const bound = (server.address() as AddressInfo).port;
  const authority = `${host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host}:${bound}`;
  return {
    port: bound,
    url: `http://${authority}`,
    dsn: `http://${token ?? 'public'}@${authority}/1`,
    counters: service.ingest.counters,
    settled: (timeoutMs) => settled(server, () => inHand, timeoutMs),
    close: async () => {
      await service.upkeep.stop();
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await readers.close();
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen({ host: host.replace(/^\[|\]$/g, ''), port });
    await once(server, 'listening');
  } catch (error) {
    throw (error as { code?: string }).code === 'EADDRINUSE' ? portTaken(host, port) : cannotListen(host, port, error);
  }
}

/** How often connections are counted, milliseconds. */
const COUNT_INTERVAL_MS = 20;

async function settled(server: Server, inHand: () => number, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  // Twice in a row: a connection that the sender opened last may not have been accepted at the first count. A sender that
  // is gone leaves no connection, but its envelope may still be unpacked.
  for (let quiet = 0; quiet < 2 && Date.now() < deadline; ) {
    const open = await new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count ?? 0)));
    quiet = open + inHand() === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, COUNT_INTERVAL_MS));
  }
}
