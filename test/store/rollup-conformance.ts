import { describe, expect, onTestFinished, test } from 'vitest';
import { rollUpSettled } from '../../src/collector/roll-up-settled.ts';
import { summarise } from '../../src/collector/summarise.ts';
import type { Summary } from '../../src/collector/summary.ts';
import type { CallTree } from '../../src/profile/call-tree.ts';
import type { FunctionTable } from '../../src/profile/function-table.ts';
import type { ProfileStore } from '../../src/store/profile-store.ts';
import { ROLLUP_MICROS } from '../../src/store/rollup-store.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem } from '../collector/envelope-of.ts';
import { openCollector } from '../collector/open-collector.ts';
import { randomProfile } from '../collector/random-profile.ts';
import { newId, T0 } from '../profile/chunk-of.ts';

const EVERYTHING = 9e15;
const ALL = { fromMicros: 0, toMicros: EVERYTHING };
/** Twenty minutes in chunks of 40 s, which begins and ends within five minutes and reaches over borders. */
const PROFILE = randomProfile(7, 30, newId(), 40, 5);

/** What a summary says, by names: the numbers of functions differ from one making to the next. */
function plain({ table, routes, outsideSpans, betweenRequests, otherRoots, ...rest }: Summary) {
  const accounts = { ...Object.fromEntries(routes), outsideSpans, betweenRequests, otherRoots };
  return {
    rest: { notReceived: rest.notReceivedMicros, patterns: [...rest.patterns].sort() },
    accounts: Object.fromEntries(
      Object.entries(accounts).map(([name, account]) => [
        name,
        {
          micros: Math.round(account.micros),
          series: Object.fromEntries([...account.series].sort(([a], [b]) => a - b)),
          requests: account.wholeRequests + account.crossing.size,
          costs: new Set(account.costs().pairs()),
          functions: Object.fromEntries(
            account.functions.totalMicros.flatMap((total, frame) =>
              total > 0
                ? [[nameOf(table, frame), [account.functions.selfMicros[frame] ?? 0, total].map(Math.round)]]
                : [],
            ),
          ),
          tree: nodesOf(account.tree, table),
        },
      ]),
    ),
  };
}

function nameOf(table: FunctionTable, frame: number): string {
  const { name, line } = table.functions[frame] ?? {};
  return `${name}:${line}`;
}

function nodesOf(tree: CallTree, table: FunctionTable): Record<string, number[]> {
  const paths: string[] = [];
  tree.frame.forEach((frame, node) => {
    paths[node] = `${paths[tree.parent[node] ?? -1] ?? ''};${nameOf(table, frame)}`;
  });
  const weights = [tree.selfCpuMicros, tree.selfWallMicros, tree.samples, tree.runs];
  return Object.fromEntries(
    paths.map((path, node) => [path, weights.map((column) => Math.round((column[node] ?? 0) * 1e3) / 1e3)]),
  );
}

/** What every store promises of sums that were made before anyone asked. */
export function describeRollups(name: string, open: () => Promise<ProfileStore>): void {
  describe(`${name} keeps rollups`, () => {
    const withProfile = async () => {
      const store = await open();
      const { post } = await openCollector({ store });
      const items = [...PROFILE.chunks.map((chunk) => chunkItem(chunk)), spanItem(...PROFILE.requests)];
      expect((await post(envelopeOf(...items))).status).toBe(200);
      return { store, post };
    };

    test.each([
      ['everything', {}],
      ['a range that begins and ends within five minutes', { fromMs: (T0 + 17.123) * 1e3, toMs: (T0 + 1_111.7) * 1e3 }],
      ['those that name no release', { release: '' }],
      ['a release that there is not', { release: 'none@1' }],
    ])('that answer for %s as the chunks do', async (_, filter) => {
      const { store } = await withProfile();
      const before = plain(await summarise(store, filter, 'all'));
      await rollUpSettled(store, EVERYTHING);
      expect((await store.rollups.ready(ALL)).length).toBeGreaterThan(3);
      expect(await store.rollups.stale(EVERYTHING, 10)).toEqual([]);
      expect(plain(await summarise(store, filter, 'all'))).toEqual(before);
      const route = plain(await summarise(store, filter, { route: '/a' })).accounts['/a'];
      expect(route).toEqual(before.accounts['/a']);
    });

    test('that are stale as soon as their time is written to, and only that', async () => {
      const { store, post } = await withProfile();
      await rollUpSettled(store, EVERYTHING);
      const ready = await store.rollups.ready(ALL);
      const [, second = 0] = ready;
      await post(envelopeOf(spanItem(requestSpan('/late', second / 1e6 - T0 + 60, second / 1e6 - T0 + 61))));
      expect(await store.rollups.ready(ALL)).toEqual(ready.filter((start) => start !== second));
      expect(await store.rollups.stale(EVERYTHING, 10)).toEqual([second]);
      await rollUpSettled(store, EVERYTHING);
      expect(await store.rollups.ready(ALL)).toEqual(ready);
      expect((await summarise(store, {}, 'none')).routes.get('/late')?.wholeRequests).toBe(1);
    });

    test('that are not kept if their time was written to meanwhile, by whomever', async () => {
      const { store } = await withProfile();
      const start = Math.floor((T0 * 1e6) / ROLLUP_MICROS) * ROLLUP_MICROS;
      await rollUpSettled(store, EVERYTHING);
      const elsewhere = await openCollector({ store: await open() });
      const write = () => elsewhere.post(envelopeOf(spanItem(requestSpan('/x', 1, 2))));
      await write();
      const token = await store.rollups.begin(start);
      await write();
      expect(await store.rollups.finish(start, token, [])).toBe(false);
      expect(await store.rollups.ready({ fromMicros: start, toMicros: start + ROLLUP_MICROS })).toEqual([]);
      const again = await store.rollups.begin(start);
      expect(await store.rollups.finish(start, again, [])).toBe(true);
      expect(await store.rollups.ready({ fromMicros: start, toMicros: start + ROLLUP_MICROS })).toEqual([start]);
    });

    test('that several collectors make at the same time, and all are the same', async () => {
      const { store } = await withProfile();
      const before = plain(await summarise(store, {}, 'all'));
      const others = [await open(), await open()];
      onTestFinished(async () => {
        for (const other of others) await other.close();
      });
      await Promise.all([store, ...others].map((one) => rollUpSettled(one, EVERYTHING)));
      await rollUpSettled(store, EVERYTHING);
      for (const one of [store, ...others]) expect(plain(await summarise(one, {}, 'all'))).toEqual(before);
    });

    test('that are forgotten when they lacked names, and what they lacked', async () => {
      const { store } = await withProfile();
      const [start = 0] = await store.rollups.stale(EVERYTHING, 1);
      await store.rollups.finish(start, await store.rollups.begin(start), [], ['0'.repeat(32), '1'.repeat(32)]);
      expect((await store.rollups.lacking()).sort()).toEqual(['0'.repeat(32), '1'.repeat(32)]);
      await store.rollups.expire();
      expect(await store.rollups.lacking()).toEqual([]);
      expect(await store.rollups.ready(ALL)).toEqual([]);
      expect(await store.rollups.stale(EVERYTHING, 1)).toEqual([start]);
    });
  });
}
