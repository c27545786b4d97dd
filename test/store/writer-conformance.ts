import { describe, expect, onTestFinished, test } from 'vitest';
import type { ProfileStore, StoreBatch, WriteResult } from '../../src/store/profile-store.ts';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { requestOf } from './span-of.ts';

const EVERYTHING = { fromMicros: 0, toMicros: 9e15 };

/** A chunk of its own, a second after the one before, and a request in it. */
function batchOf(index: number): StoreBatch {
  const lines = [index, index + 0.5].map((at): [number, string[]] => [at, ['burn']]);
  const chunk = chunkOf(lines, { profiler_id: index % 2 === 0 ? 'a'.repeat(32) : newId() });
  const times = { startMicros: (T0 + index) * 1e6, endMicros: (T0 + index + 0.5) * 1e6 };
  return { chunks: [{ projectId: '1', ...times, chunk }], spans: [requestOf('/a', index, index + 0.5)] };
}

/** What every store promises to those who write at the same time, or again. */
export function describeWriters(name: string, open: () => Promise<ProfileStore>): void {
  describe(`${name} is written to by many`, () => {
    const opened = async () => {
      const store = await open();
      onTestFinished(() => store.close());
      return store;
    };

    const chunkIds = async (store: ProfileStore): Promise<string[]> => {
      const ids: string[] = [];
      for await (const { chunk } of store.chunks(EVERYTHING)) ids.push(chunk.chunk_id);
      return ids.sort();
    };

    test('what several write at the same time, all of it the same, is there once', async () => {
      const stores = await Promise.all(Array.from({ length: 4 }, opened));
      const batches = Array.from({ length: 30 }, (_, index) => batchOf(index));
      const writes = stores.flatMap((store, writer) =>
        // Each in an order of its own, as it comes when a sender asks another collector after a time-out.
        batches.map((_, index) => store.write(batches[(index * 7 + writer * 11) % batches.length] as StoreBatch)),
      );
      await Promise.all(writes);
      const [store] = stores as [ProfileStore];
      expect(await chunkIds(store)).toEqual(
        batches.flatMap(({ chunks }) => chunks.map((c) => c.chunk.chunk_id)).sort(),
      );
      expect(await store.status()).toMatchObject({ chunks: 30, spans: 30, requests: 30 });
      expect(await store.requests(EVERYTHING)).toHaveLength(30);
      const sessions = await store.sessions(EVERYTHING);
      expect(sessions).toHaveLength(16);
      expect(sessions.map(({ chunks }) => chunks).reduce((a, b) => a + b)).toBe(30);
    });

    test('a writer counts each chunk once, however often and in whatever company it comes', async () => {
      const store = await opened();
      const batches = Array.from({ length: 20 }, (_, index) => batchOf(index));
      const results: WriteResult[] = await Promise.all([...batches, ...batches].map((batch) => store.write(batch)));
      const sum = (of: keyof WriteResult) => results.reduce((total, result) => total + result[of], 0);
      expect({ chunks: sum('chunks'), duplicates: sum('duplicateChunks'), spans: sum('spans') }).toEqual({
        chunks: 20,
        duplicates: 20,
        spans: 20,
      });
    });

    test('a batch that cannot be kept takes none of its neighbours along', async () => {
      const store = await opened();
      const broken: StoreBatch = { chunks: [], spans: [{ ...requestOf('/a', 0, 1), name: undefined as never }] };
      const writes = await Promise.allSettled([batchOf(0), broken, batchOf(1)].map((batch) => store.write(batch)));
      expect(writes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await store.status()).toMatchObject({ chunks: 2, spans: 2 });
    });

    test('text of every kind comes back as it was', async () => {
      const store = await opened();
      const texts = [`'; DROP TABLE chunks; --`, 'a\tb\nc\\d\\', '{x:String}', 'ünï ☃ 𝒳', '%s', "''", '\\N', '\0', ''];
      const spans = texts.map((text, at) =>
        requestOf(text, at, at + 1, { name: text, attributes: { 'url.path': text, [text]: [text, null, 1.5] } }),
      );
      const chunk = batchOf(0).chunks[0] ?? expect.fail();
      chunk.chunk.release = texts[0] as string;
      await store.write({ chunks: [chunk], spans });
      expect((await store.requests(EVERYTHING)).map(({ name: of, route, urlPath }) => [of, route, urlPath])).toEqual(
        texts.map((text) => [text, text, text]),
      );
      for (const span of spans) expect(await store.trace(span.traceId)).toEqual([span]);
      expect((await store.names()).routes.sort()).toEqual([...texts].sort());
      expect(await store.sessions({ ...EVERYTHING, release: texts[0] as string })).toHaveLength(1);
      expect(await store.sessions({ ...EVERYTHING, release: texts[1] as string })).toHaveLength(0);
      expect(await store.trace(texts[0] as string)).toEqual([]);
    });
  });
}
