/**
 * How long a day of one busy server takes to open: 2,880 chunks of 30 s, made of what `npm run demo` recorded, ids and times
 * shifted; every request of a third of the time is stored with its root span.
 *
 * Arguments: the recorded store (.cache/demo/profiles.db), chunks (2880), the store to make (a temporary one).
 */
import { existsSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queryRoutes } from '../../src/collector/query.ts';
import { queryTree } from '../../src/collector/query-tree.ts';
import { rollUp } from '../../src/collector/roll-up.ts';
import type { AttributedSpan, ProfileChunk } from '../../src/profile/types.ts';
import type { StoredChunk, StoredSpan } from '../../src/store/profile-store.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';

const [
  recorded = '.cache/demo/profiles.db',
  chunkCount = '2880',
  target = join(mkdtempSync(join(tmpdir(), 'next-profiling-day-')), 'day.db'),
] = process.argv.slice(2);
const CHUNK_SECONDS = 30;
const everything = { fromMicros: 0, toMicros: 9e15 };
const line = (text: string) => process.stdout.write(`${text}\n`);

const source = await openSqliteStore(recorded);
let sample: StoredChunk | undefined;
for await (const chunk of source.chunks(everything)) {
  if (chunk.chunk.profile.samples.length > (sample?.chunk.profile.samples.length ?? 0)) sample = chunk;
}
if (sample === undefined) throw new Error(`${recorded} holds no chunk; npm run demo records one`);
const { chunk, startMicros, endMicros } = sample;
const requests = await source.requests({ fromMicros: startMicros, toMicros: endMicros });
await source.close();

const seconds = (endMicros - startMicros) / 1e6;
const parts = Math.max(1, Math.floor(CHUNK_SECONDS / seconds));
const hex = (number: number) => number.toString(16).padStart(8, '0');
const idOf = (id: string, part: number) => hex(part) + id.slice(8);

/** The recorded chunk as often as it fits, one after the other. */
function chunkAt(index: number): StoredChunk {
  const first = chunk.profile.samples[0]?.timestamp ?? 0;
  const base = 1_795_046_400 + index * CHUNK_SECONDS;
  const all = Array.from({ length: parts }, (_, part) => part);
  const spans: AttributedSpan[] = chunk.next_profiling?.spans ?? [];
  const moved: ProfileChunk = {
    ...chunk,
    chunk_id: `${hex(index)}${'c'.repeat(24)}`,
    profile: {
      ...chunk.profile,
      samples: all.flatMap((part) =>
        chunk.profile.samples.map((of) => ({ ...of, timestamp: of.timestamp - first + base + part * seconds })),
      ),
    },
  };
  if (chunk.next_profiling !== undefined) {
    const { sample_spans = [], sample_cpu_us = [] } = chunk.next_profiling;
    moved.next_profiling = {
      ...chunk.next_profiling,
      spans: all.flatMap((part) =>
        spans.map((span) => ({
          ...span,
          trace_id: idOf(span.trace_id, index * parts + part),
          parent: span.parent === -1 ? -1 : span.parent + part * spans.length,
        })),
      ),
      sample_spans: all.flatMap((part) => sample_spans.map((span) => (span === -1 ? -1 : span + part * spans.length))),
      sample_cpu_us: all.flatMap(() => sample_cpu_us),
    };
  }
  return {
    projectId: '1',
    startMicros: base * 1e6,
    endMicros: Math.round((base + parts * seconds) * 1e6),
    chunk: moved,
  };
}

function requestsAt(index: number): StoredSpan[] {
  const base = (1_795_046_400 + index * CHUNK_SECONDS) * 1e6;
  return requests.map(({ urlPath, ...request }) => ({
    ...request,
    traceId: idOf(request.traceId, index * parts),
    startMicros: request.startMicros - startMicros + base,
    endMicros: request.endMicros - startMicros + base,
    parentSpanId: null,
    segmentId: request.spanId,
    isSegment: true,
    isRequest: true,
    op: 'http.server',
    attributes: { 'url.path': urlPath },
  }));
}

const isNew = !existsSync(target);
const store = await openSqliteStore(target);
const time = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  const beforeMs = performance.now();
  const result = await work();
  line(`${name}: ${(performance.now() - beforeMs).toFixed(0)} ms`);
  return result;
};
if (isNew) {
  await time(`${chunkCount} chunks stored`, async () => {
    for (let index = 0; index < Number(chunkCount); index++) {
      await store.write({ chunks: [chunkAt(index)], spans: requestsAt(index) });
    }
  });
}
const stale = await store.rollups.stale(9e15, 1e6);
await time(`${stale.length} times of five minutes summed up`, async () => {
  for (const start of stale) await rollUp(store, start);
});
const { chunks, requests: stored, startMicros: first, endMicros: last } = await store.status();
line(`${chunks} chunks, ${stored} requests, ${(statSync(target).size / 1e6).toFixed(0)} MB`);
for (const round of [1, 2, 3]) {
  line(`round ${round}`);
  await time('  extent', () => store.extent());
  const answer = await time('  routes of the day', () => queryRoutes(store, {}));
  const hour = { fromMs: (first ?? 0) / 1e3 + 3.6e6, toMs: (first ?? 0) / 1e3 + 7.2e6 };
  await time('  routes of an hour', () => queryRoutes(store, hour));
  const [busiest] = answer.routes;
  const tree = await time(`  flame graph of ${busiest?.route}, day`, () =>
    queryTree(store, busiest?.route ?? null, {}),
  );
  line(`    ${tree?.nodes.parent.length} nodes, ${tree?.requests} requests, last ${last}`);
  await time('  flame graph of everything, day', () => queryTree(store, null, {}));
}
await store.close();
