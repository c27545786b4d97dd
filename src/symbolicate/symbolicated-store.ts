import type {
  ChunkFacts,
  FoundSpan,
  ProfileStore,
  SpanId,
  StoredChunk,
  StoredNames,
  StoredRequest,
  StoredSession,
  StoredSpan,
  StoreStatus,
  WriteBatch,
  WriteResult,
} from '../store/profile-store.ts';
import type { RollupStore } from '../store/rollup-store.ts';
import type { Selection } from '../store/selection.ts';
import { SymbolicatedRollups } from './symbolicated-rollups.ts';
import type { Symbolicator } from './symbolicator.ts';

/**
 * A store whose chunks are read with the frames of the sources. What is written stays as it came. Rollups are made of what
 * was read here, so they name the sources too.
 */
export class SymbolicatedStore implements ProfileStore {
  readonly rollups: RollupStore;
  readonly #store: ProfileStore;
  readonly #symbolicator: Symbolicator;

  constructor(store: ProfileStore, symbolicator: Symbolicator) {
    this.#store = store;
    this.#symbolicator = symbolicator;
    this.rollups = new SymbolicatedRollups(store.rollups, symbolicator);
  }

  async *chunks(selection: Selection): AsyncGenerator<StoredChunk> {
    for await (const stored of this.#store.chunks(selection)) {
      yield { ...stored, chunk: await this.#symbolicator.resolve(stored.chunk) };
    }
  }

  write(batch: WriteBatch): Promise<WriteResult> {
    return this.#store.write(batch);
  }

  chunkFacts(selection: Selection): AsyncIterable<ChunkFacts> {
    return this.#store.chunkFacts(selection);
  }

  sessions(selection: Selection): Promise<StoredSession[]> {
    return this.#store.sessions(selection);
  }

  requests(selection: Selection): Promise<StoredRequest[]> {
    return this.#store.requests(selection);
  }

  spans(ids: readonly SpanId[]): AsyncIterable<FoundSpan> {
    return this.#store.spans(ids);
  }

  trace(traceId: string): Promise<StoredSpan[]> {
    return this.#store.trace(traceId);
  }

  extent(): ReturnType<ProfileStore['extent']> {
    return this.#store.extent();
  }

  names(): Promise<StoredNames> {
    return this.#store.names();
  }

  status(): Promise<StoreStatus> {
    return this.#store.status();
  }

  retain(...parameters: Parameters<ProfileStore['retain']>): ReturnType<ProfileStore['retain']> {
    return this.#store.retain(...parameters);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
