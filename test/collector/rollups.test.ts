import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TreeAnswer } from '../../src/collector/api-profile-types.ts';
import { queryRoutes } from '../../src/collector/query.ts';
import { queryTree } from '../../src/collector/query-tree.ts';
import { rollUp } from '../../src/collector/roll-up.ts';
import { rollUpSettled } from '../../src/collector/roll-up-settled.ts';
import type { ProfileStore } from '../../src/store/profile-store.ts';
import { ROLLUP_MICROS, type RollupStore } from '../../src/store/rollup-store.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { SymbolicatedStore } from '../../src/symbolicate/symbolicated-store.ts';
import { Symbolicator } from '../../src/symbolicate/symbolicator.ts';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { BUILT, ID, MAP, ORIGINAL, SCRIPT, SOURCE } from '../symbolicate/small-map.ts';
import { contextChunk, inChunk } from './context-chunk.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem } from './envelope-of.ts';
import { type OpenCollector, openCollector } from './open-collector.ts';
import { randomProfile } from './random-profile.ts';

const EVERYTHING = 9e15;
/** Twelve minutes in chunks of 40 s, which begins and ends within five minutes and reaches over borders. */
const PROFILE = randomProfile(11, 18, newId(), 40, 10);
const ITEMS = [...PROFILE.chunks.map((chunk) => chunkItem(chunk)), spanItem(...PROFILE.requests)];

/** The collector rolls up what is old by itself; so tests first wait until it is done with what there is. */
async function collectorWith(...items: [object, unknown][]): Promise<OpenCollector> {
  const collector = await openCollector();
  expect((await collector.post(envelopeOf(...items))).status).toBe(200);
  return collector;
}

/** Functions by name instead of by row, whose order depends on which came first. */
function plain({ frames, nodes, ...rest }: TreeAnswer) {
  const paths: string[] = [];
  const rows = new Map<string, number[]>();
  nodes.parent.forEach((parent, node) => {
    const frame = nodes.frame[node] ?? -1;
    paths[node] = `${paths[parent] ?? ''};${frames.name[frame]}:${frames.file[frame]}:${frames.line[frame]}`;
    const row = [nodes.selfCpuMicros, nodes.selfWallMicros, nodes.samples].map((column) => column[node] ?? 0);
    rows.set(paths[node] ?? '', row);
  });
  return { ...rest, rows: Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

async function answersOf({ get }: OpenCollector, query = '') {
  const routes = (await get(`/api/v1/routes?${query}`)).body;
  const functions = (await get(`/api/v1/functions?route=/a&${query}`)).body;
  const everything = (await get(`/api/v1/functions?${query}`)).body;
  const tree = plain((await get(`/api/v1/tree?route=/b&${query}`)).body);
  const all = plain((await get(`/api/v1/tree?${query}`)).body);
  return { routes, functions, everything, tree, all };
}

describe('rollups', () => {
  const at = (seconds: number) => (T0 + seconds) * 1e3;
  test.each([
    ['everything', ''],
    ['a range that begins and ends within five minutes', `from=${at(17.123)}&to=${at(611.7)}`],
    ['an open end', `from=${at(123.4)}`],
    ['one release', 'release='],
  ])('answer %s to the sample as the chunks do', async (_, query) => {
    const collector = await collectorWith(...ITEMS);
    const before = await answersOf(collector, query);
    expect(before.routes.routes).toHaveLength(3);
    await rollUpSettled(collector.store, EVERYTHING);
    expect((await collector.store.rollups.ready({ fromMicros: 0, toMicros: EVERYTHING })).length).toBeGreaterThan(1);
    expect(await answersOf(collector, query)).toEqual(before);
  });

  describe('of hours and days', () => {
    // A day and an hour from midnight; requests of three minutes, which reach over every border.
    const long = randomProfile(5, 25 * 60, newId(), 60, 0.1);
    const items = [...long.chunks.map((chunk) => chunkItem(chunk)), spanItem(...long.requests)];
    const levelsOf = async ({ rollups }: ProfileStore) => {
      const ready: number[] = [];
      for (let level: RollupStore | null = rollups; level !== null; level = level.coarser) {
        ready.push((await level.ready({ fromMicros: 0, toMicros: EVERYTHING })).length);
      }
      return ready;
    };
    const ranges = [{}, { fromMs: at(17.123), toMs: at(88_611.7) }];
    const answersFrom = (store: ProfileStore) =>
      Promise.all(
        ranges.map(async (range) => {
          const tree = (await queryTree(store, '/b', range)) ?? expect.fail();
          return { routes: await queryRoutes(store, range), tree: plain(tree) };
        }),
      );
    /** The collector is closed then, and sums up nothing by itself. */
    const write = async (of: OpenCollector, ...sent: [object, unknown][]) => {
      expect((await of.post(envelopeOf(...sent))).status).toBe(200);
      await of.close();
      return of.store;
    };

    test('answer as the chunks do, also after something came late', { timeout: 60_000 }, async () => {
      const late = long.requests[400] ?? expect.fail();
      const [, spans] = [items.pop(), spanItem(...long.requests.filter((request) => request !== late))];
      const [store, chunksOnly] = [
        await write(await openCollector(), ...items, spans),
        await write(await openCollector(), ...items, spans),
      ];
      const before = await answersFrom(chunksOnly);
      await rollUpSettled(store, EVERYTHING);
      // The last requests reach into times of their own.
      expect(await levelsOf(store)).toEqual([301, 26, 2]);
      expect(await answersFrom(store)).toEqual(before);
      for (const one of [store, chunksOnly]) await write(await openCollector({ store: one }), spanItem(late));
      expect((await levelsOf(store)).slice(1)).toEqual([25, 1]);
      const now = await answersFrom(chunksOnly);
      expect(now).not.toEqual(before);
      expect(await answersFrom(store)).toEqual(now);
      await rollUpSettled(store, EVERYTHING);
      expect(await levelsOf(store)).toEqual([301, 26, 2]);
      expect(await answersFrom(store)).toEqual(now);
    });
  });

  test('are made again when a route arrives after its chunk', async () => {
    const late = PROFILE.requests[100] ?? expect.fail();
    const collector = await collectorWith(
      ...PROFILE.chunks.map((chunk) => chunkItem(chunk)),
      spanItem(...PROFILE.requests.filter((request) => request !== late)),
    );
    await rollUpSettled(collector.store, EVERYTHING);
    const without = (await collector.get('/api/v1/routes')).body;
    expect(without.otherRoots.notReceivedMs).toBeGreaterThan(0);
    await collector.post(envelopeOf(spanItem(late)));
    const now = (await collector.get('/api/v1/routes')).body;
    expect(now.otherRoots.notReceivedMs).toBe(0);
    expect(now.requests).toBe(PROFILE.requests.length);
    await rollUpSettled(collector.store, EVERYTHING);
    expect((await collector.get('/api/v1/routes')).body).toEqual(now);
  });

  test('of a time that is written to while it is summed up are not kept', async () => {
    const { store, post } = await collectorWith(...ITEMS);
    const start = Math.floor((T0 * 1e6) / ROLLUP_MICROS) * ROLLUP_MICROS;
    await rollUpSettled(store, EVERYTHING);
    await post(
      envelopeOf(
        chunkItem(
          chunkOf([
            [1, ['f']],
            [2, ['f']],
          ]),
        ),
      ),
    );
    const [first, second] = [await store.rollups.begin(start), await store.rollups.begin(start)];
    expect(await store.rollups.finish(start, first, [])).toBe(false);
    await post(
      envelopeOf(
        chunkItem(
          chunkOf([
            [1, ['f']],
            [2, ['f']],
          ]),
        ),
      ),
    );
    expect(await store.rollups.finish(start, second, [])).toBe(false);
    expect(await rollUp(store, start)).toBe(true);
  });

  test('count a request that reaches over a border once, with all of its CPU time', async () => {
    const border = Math.ceil((T0 * 1e6) / ROLLUP_MICROS) * (ROLLUP_MICROS / 1e6) - T0;
    const request = requestSpan('/long', border - 5, border + 5, { 'sentry.profiler_id': newId() });
    const chunk = contextChunk([
      [border - 4, ['f'], inChunk(request), 7],
      [border + 4, ['f'], inChunk(request), 5],
    ]);
    const collector = await collectorWith(chunkItem(chunk), spanItem(request));
    await rollUpSettled(collector.store, EVERYTHING);
    expect((await collector.get('/api/v1/routes')).body.routes).toMatchObject([
      { route: '/long', requests: 1, cpuMs: 12, cpuMsPerRequest: { mean: 12, p50: 12, p95: 12 } },
    ]);
  });

  test('put a path under the pattern that only another time knew', async () => {
    const later = ROLLUP_MICROS / 1e6 + 10;
    const unnamed = requestSpan('/', 1, 2);
    Object.assign(unnamed, { name: 'GET /blog/hello' });
    delete (unnamed.attributes as Record<string, unknown>)['http.route'];
    const named = requestSpan('/blog/[slug]', later, later + 1);
    const collector = await collectorWith(spanItem(unnamed, named));
    const routes = async () =>
      (await collector.get('/api/v1/routes')).body.routes.map(({ route, requests }: never) => [route, requests]);
    expect(await routes()).toEqual([['/blog/[slug]', 2]]);
    await rollUpSettled(collector.store, EVERYTHING);
    expect(await routes()).toEqual([['/blog/[slug]', 2]]);
  });

  test('name functions anew when the source map arrives that they lacked', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'next-profiling-rollups-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const symbols = new Symbolicator(folder);
    const store = new SymbolicatedStore(await openSqliteStore(join(folder, 'profiles.db')), symbols);
    const collector = await openCollector({ store, symbols });
    const chunk = chunkOf([
      [1, ['r']],
      [2, ['r']],
    ]);
    chunk.profile.frames = [BUILT];
    chunk.debug_meta = { images: [{ type: 'sourcemap', code_file: SCRIPT, debug_id: ID }] };
    await collector.post(envelopeOf(chunkItem(chunk)));
    const ready = async () => (await store.rollups.ready({ fromMicros: 0, toMicros: EVERYTHING })).length;
    const names = async () =>
      (await collector.get('/api/v1/functions')).body.functions.map(({ name }: { name: string }) => name);
    await rollUpSettled(store, EVERYTHING);
    expect(await ready()).toBe(1);
    expect(await names()).toEqual(['r']);

    writeFileSync(join(folder, `${ID}.map`), JSON.stringify(MAP));
    expect(await names()).toEqual(['addUp']);
    await rollUpSettled(store, EVERYTHING);
    expect(await ready()).toBe(1);
    expect(await names()).toEqual(['addUp']);
    const place = new URLSearchParams({ file: ORIGINAL.abs_path ?? '', name: 'addUp', line: '2', column: '22' });
    expect((await collector.get(`/api/v1/source?${place}`)).body).toEqual({
      file: ORIGINAL.abs_path,
      line: 2,
      firstLine: 1,
      lines: SOURCE.split('\n'),
    });
  });
});
