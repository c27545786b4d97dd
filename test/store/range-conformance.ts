import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ProfileStore, StoredChunk, StoredSpan } from '../../src/store/profile-store.ts';
import type { Selection } from '../../src/store/selection.ts';
import { randomFrom } from '../collector/random-profile.ts';
import { chunkOf, T0 } from '../profile/chunk-of.ts';
import { requestOf } from './span-of.ts';

const RELEASES = [null, 'a@1', 'a@2'] as const;
const ENVIRONMENTS = [null, 'production', 'staging'] as const;
const SESSIONS = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(32));
/** How much time there is, seconds. */
const SPAN_SECONDS = 20_000;

/** What every store promises of ranges: what it finds is what a look at every row finds. */
export function describeRanges(name: string, open: () => Promise<ProfileStore>): void {
  describe(`${name} finds by range what a look at everything finds`, () => {
    const random = randomFrom(2026);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
    const micros = (seconds: number) => Math.round((T0 + seconds) * 1e6);
    /** Mostly as long as chunks are; some a moment, some hours. */
    const length = () => pick([0, 0.001, 1, 30, 59.999_999, 60, 66, 67, 5_000]) * (random() < 0.5 ? 1 : random());

    const chunks: StoredChunk[] = [];
    const spans: StoredSpan[] = [];
    beforeAll(() => {
      for (let index = 0; index < 400; index++) {
        const [from, kind] = [random() * SPAN_SECONDS, random() < 0.1 ? ('import' as const) : ('continuous' as const)];
        const names = { release: pick(RELEASES), environment: pick(ENVIRONMENTS) };
        const chunk = chunkOf([[from, ['f']]], {
          profiler_id: pick(SESSIONS),
          ...(names.release !== null && { release: names.release }),
          ...(names.environment !== null && { environment: names.environment }),
        });
        const startMicros = micros(from);
        chunks.push({
          projectId: pick(['1', '2']),
          ...(kind === 'import' && { kind }),
          startMicros,
          endMicros: startMicros + Math.round(length() * 1e6),
          chunk,
        });
        const start = random() * SPAN_SECONDS;
        const isRoot = random() < 0.7;
        const parent = pick(spans);
        spans.push(
          requestOf(pick([null, null, '/a', '/b']), start, start + length(), {
            ...names,
            profilerId: pick([null, ...SESSIONS]),
            ...(!isRoot && parent !== undefined
              ? {
                  isRequest: false,
                  isSegment: false,
                  projectId: parent.projectId,
                  traceId: parent.traceId,
                  segmentId: parent.segmentId,
                }
              : {}),
          }),
        );
      }
    });

    const filled = async (): Promise<ProfileStore> => {
      const store = await open();
      onTestFinished(() => store.close());
      for (let from = 0; from < chunks.length; from += 50) {
        await store.write({ chunks: chunks.slice(from, from + 50), spans: spans.slice(from, from + 50).reverse() });
      }
      return store;
    };

    function overlaps(selection: Selection, { startMicros, endMicros }: { startMicros: number; endMicros: number }) {
      return startMicros <= selection.toMicros && endMicros >= selection.fromMicros;
    }
    const isWanted = <T>(wanted: T | undefined, found: T) => wanted === undefined || wanted === found;

    const chunksIn = (selection: Selection) =>
      chunks
        .filter((stored) => overlaps(selection, stored))
        .filter(({ chunk }) => isWanted(selection.release, chunk.release ?? null))
        .filter(({ chunk }) => isWanted(selection.environment, chunk.environment ?? null))
        .filter(({ chunk }) => isWanted(selection.profilerId, chunk.profiler_id))
        .sort((a, b) => a.startMicros - b.startMicros || (a.chunk.chunk_id < b.chunk.chunk_id ? -1 : 1));

    const routeOf = (root: StoredSpan) =>
      root.route ??
      spans
        .filter(
          ({ segmentId, traceId, projectId }) =>
            segmentId === root.spanId && traceId === root.traceId && projectId === root.projectId,
        )
        .filter(({ route }) => route !== null)
        .sort((a, b) => a.startMicros - b.startMicros)[0]?.route ??
      null;

    const requestsIn = (selection: Selection) =>
      spans
        .filter((span) => span.isRequest && overlaps(selection, span))
        .filter(({ release }) => isWanted(selection.release, release))
        .filter(({ environment }) => isWanted(selection.environment, environment))
        .filter(({ profilerId }) => isWanted<string | null>(selection.profilerId, profilerId))
        .sort((a, b) => a.startMicros - b.startMicros || (a.spanId < b.spanId ? -1 : 1));

    /** Borders that lie where something begins or ends, too. */
    function selections(count: number): Selection[] {
      return Array.from({ length: count }, () => {
        const edge = () => {
          const one = pick([...chunks, ...spans]);
          return pick([
            one.startMicros,
            one.endMicros,
            one.endMicros + 1,
            one.startMicros - 1,
            micros(random() * SPAN_SECONDS),
          ]);
        };
        const [fromMicros = 0, toMicros = 0] = [edge(), pick([edge(), edge() + 60e6])].sort((a, b) => a - b);
        return {
          fromMicros,
          toMicros,
          ...(random() < 0.3 && { release: pick(RELEASES) }),
          ...(random() < 0.3 && { environment: pick(ENVIRONMENTS) }),
          ...(random() < 0.3 && { profilerId: pick(SESSIONS) }),
        };
      });
    }

    test('chunks, their facts and their sessions', async () => {
      const store = await filled();
      let found = 0;
      for (const selection of selections(25)) {
        const expected = chunksIn(selection);
        const withoutImports =
          selection.profilerId === undefined ? expected.filter(({ kind }) => kind !== 'import') : expected;
        const read: StoredChunk[] = [];
        for await (const stored of store.chunks(selection)) read.push(stored);
        expect(read).toEqual(withoutImports);
        const facts = [];
        for await (const { startMicros, endMicros, profilerId } of store.chunkFacts(selection)) {
          facts.push([startMicros, endMicros, profilerId]);
        }
        expect(facts).toEqual(withoutImports.map((one) => [one.startMicros, one.endMicros, one.chunk.profiler_id]));
        const ids = [...new Set(expected.map(({ chunk }) => chunk.profiler_id))];
        const sessions = await store.sessions(selection);
        expect(
          Object.fromEntries(sessions.map((one) => [one.profilerId, [one.chunks, one.startMicros, one.endMicros]])),
        ).toEqual(
          Object.fromEntries(
            ids.map((id) => {
              const all = expected.filter(({ chunk }) => chunk.profiler_id === id);
              return [
                id,
                [
                  all.length,
                  Math.min(...all.map((one) => one.startMicros)),
                  Math.max(...all.map((one) => one.endMicros)),
                ],
              ];
            }),
          ),
        );
        found += read.length;
      }
      expect(found).toBeGreaterThan(300);
    });

    test('requests with their routes', async () => {
      const store = await filled();
      let found = 0;
      for (const selection of selections(25)) {
        const read = await store.requests(selection);
        expect(read.map(({ spanId, route }) => [spanId, route])).toEqual(
          requestsIn(selection).map((span) => [span.spanId, routeOf(span)]),
        );
        found += read.length;
      }
      expect(found).toBeGreaterThan(300);
    });

    test('any range, cut anywhere, comes to the same as its pieces', async () => {
      const store = await filled();
      for (const { fromMicros, toMicros } of selections(20)) {
        const cut = Math.floor(fromMicros + random() * (toMicros - fromMicros));
        const ids = async (from: number, to: number) =>
          (await store.requests({ fromMicros: from, toMicros: to })).map(({ spanId }) => spanId);
        const pieces = new Set([...(await ids(fromMicros, cut)), ...(await ids(cut + 1, toMicros))]);
        expect(pieces).toEqual(new Set(await ids(fromMicros, toMicros)));
      }
    });
  });
}
