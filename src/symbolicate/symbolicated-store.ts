import type {
  FoundSpan,
  ProfileStore,
  SpanId,
  StoreBatch,
  StoredChunk,
  StoredRequest,
  StoreRange,
  StoreStatus,
  WriteResult,
} from '../store/profile-store.ts';
import type { Symbolicator } from './symbolicator.ts';

/** A store whose chunks are read with the frames of the sources. What is written stays as it came. */
export class SymbolicatedStore implements ProfileStore {
  readonly #store: ProfileStore;
  readonly #symbolicator: Symbolicator;

  constructor(store: ProfileStore, symbolicator: Symbolicator) {
    this.#store = store;
    this.#symbolicator = symbolicator;
  }

  async *chunks(range: StoreRange): AsyncGenerator<StoredChunk> {
    for await (const stored of this.#store.chunks(range)) {
      yield { ...stored, chunk: await this.#symbolicator.resolve(stored.chunk) };
    }
  }

  write(batch: StoreBatch): Promise<WriteResult> {
    return this.#store.write(batch);
  }

  requests(range: StoreRange): Promise<StoredRequest[]> {
    return this.#store.requests(range);
  }

  spans(ids: readonly SpanId[]): AsyncIterable<FoundSpan> {
    return this.#store.spans(ids);
  }

  status(): Promise<StoreStatus> {
    return this.#store.status();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
