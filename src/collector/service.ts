import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProfileStore } from '../store/profile-store.ts';
import type { Symbolicator } from '../symbolicate/symbolicator.ts';
import type { Ingest } from './ingest.ts';
import type { Upkeep } from './upkeep.ts';

/** What the endpoints work on. Limits in bytes. */
export interface Service {
  version: string;
  host: string;
  token: string | undefined;
  maxWireBytes: number;
  maxBodyBytes: number;
  store: ProfileStore;
  symbols: Symbolicator | null;
  ingest: Ingest;
  upkeep: Upkeep;
  /** Where the same traces are in Sentry, without a slash at its end. */
  sentryUrl: string | null;
  /** Where `viewer/` and `speedscope/` are. */
  pagesFolder: string | null;
}

/** Answers a request whose sender may ask, or throws what `answerError` turns into an answer. */
export type Endpoint = (
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) => Promise<void>;
