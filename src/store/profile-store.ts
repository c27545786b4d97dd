import type { ChunkExtension, Measurement, ProfileChunk } from '../profile/types.ts';
import type { Deleted, Retention } from './retention.ts';
import type { RollupStore } from './rollup-store.ts';
import type { Selection } from './selection.ts';

/** Where a chunk comes from: a continuous session, a profile of one transaction (sample format v1), or a file. */
export type ChunkKind = 'continuous' | 'transaction' | 'import';

/** A chunk and what it is found by. */
export interface StoredChunk {
  projectId: string;
  /** Missing: `continuous`. */
  kind?: ChunkKind;
  /** The transaction's or file's. */
  name?: string;
  /** First and last sample, microseconds since 1970. */
  startMicros: number;
  endMicros: number;
  chunk: ProfileChunk;
}

/** What a span is found by. */
export interface SpanId {
  projectId: string;
  traceId: string;
  spanId: string;
}

/** A finished span, whichever way the SDK sent it. */
export interface StoredSpan extends SpanId {
  parentSpanId: string | null;
  /** The root span of this span within its process; the span's own id if it is the root. */
  segmentId: string | null;
  isSegment: boolean;
  /** Whether it is the root span of one request to this server. */
  isRequest: boolean;
  name: string;
  op: string | null;
  /** The pattern that this span itself names, if it does. */
  route: string | null;
  /** Microseconds since 1970. */
  startMicros: number;
  endMicros: number;
  profilerId: string | null;
  threadId: string | null;
  release: string | null;
  environment: string | null;
  /** Everything else that was sent with it. */
  attributes: Record<string, unknown>;
}

/** One request: its root span with the route found in it or, failing that, in one of its children. */
export interface StoredRequest extends SpanId {
  name: string;
  route: string | null;
  /** Path of the URL, without query, if the span says it. */
  urlPath: string | null;
  startMicros: number;
  endMicros: number;
  profilerId: string | null;
  threadId: string | null;
  release: string | null;
  environment: string | null;
}

/** A span that was asked for by its ids. Its `route` is found as a request's is. */
export interface FoundSpan extends StoredRequest {
  isRequest: boolean;
}

/** What a chunk says beside its samples. */
export interface ChunkFacts {
  profilerId: string;
  startMicros: number;
  endMicros: number;
  measurements: Record<string, Measurement>;
  extension: Pick<ChunkExtension, 'end' | 'stall_ms' | 'unsampled_cpu_us' | 'dropped'> | null;
}

/** A profiler session, as far as its chunks are in a selection. */
export interface StoredSession {
  profilerId: string;
  kind: ChunkKind;
  name: string | null;
  platform: string | null;
  sdk: string | null;
  release: string | null;
  environment: string | null;
  startMicros: number;
  endMicros: number;
  chunks: number;
}

/** What there is to choose from; `null`: some name none. Sorted. */
export interface StoredNames {
  releases: (string | null)[];
  environments: (string | null)[];
  routes: string[];
}

/** What one envelope holds for the store. */
export interface StoreBatch {
  chunks: StoredChunk[];
  spans: StoredSpan[];
}

/** A chunk as stores keep it: compressed, and what it is found by. Plain data, which threads can hand to each other. */
export interface PackedChunk {
  projectId: string;
  profilerId: string;
  chunkId: string;
  kind: ChunkKind;
  name: string | null;
  startMicros: number;
  endMicros: number;
  release: string | null;
  environment: string | null;
  platform: string;
  sdk: string | null;
  threadIds: string[];
  facts: Pick<ChunkFacts, 'measurements' | 'extension'>;
  body: Uint8Array;
}

/** The same as a store takes it: chunks may be packed already. */
export interface WriteBatch extends Pick<StoreBatch, 'spans'> {
  chunks: (StoredChunk | PackedChunk)[];
}

/** What a batch changed. A chunk or span that was there already is not stored again. */
export interface WriteResult {
  chunks: number;
  duplicateChunks: number;
  spans: number;
}

export interface StoreStatus {
  /** `sqlite`, and where. */
  driver: string;
  location: string;
  chunks: number;
  spans: number;
  requests: number;
  /** First and last moment that a chunk or span covers, microseconds since 1970; `null` while empty. */
  startMicros: number | null;
  endMicros: number | null;
}

/** Keeps profiles and spans. Several processes may use one store at the same time. Methods reject with `NP_STORE`. */
export interface ProfileStore {
  readonly rollups: RollupStore;
  /** Stores a batch whole or not at all. */
  write(batch: WriteBatch): Promise<WriteResult>;
  /** Chunks that overlap the range, in order of their start. Imported ones only of the session that is asked for. */
  chunks(selection: Selection): AsyncIterable<StoredChunk>;
  /** What those chunks say beside their samples; much quicker than reading the samples too. */
  chunkFacts(selection: Selection): AsyncIterable<ChunkFacts>;
  /** The youngest first. */
  sessions(selection: Selection): Promise<StoredSession[]>;
  /** Requests that overlap the range, in order of their start. */
  requests(selection: Selection): Promise<StoredRequest[]>;
  /** Those of these spans that are stored, in the order of their ids. */
  spans(ids: readonly SpanId[]): AsyncIterable<FoundSpan>;
  /** All stored spans of a trace, of whatever project, in order of their start. */
  trace(traceId: string): Promise<StoredSpan[]>;
  /** First and last moment of chunks, imported ones left out, and requests; quicker than all of the status. */
  extent(): Promise<Pick<StoreStatus, 'startMicros' | 'endMicros'>>;
  names(): Promise<StoredNames>;
  status(): Promise<StoreStatus>;
  /**
   * Deletes what came too long ago, and then what came first until the rest is small enough, in pieces between which others
   * have a turn. A server keeps to a retention of its own, and deletes nothing here.
   */
  retain(retention: Retention, isStopped: () => boolean): Promise<Deleted>;
  close(): Promise<void>;
}
