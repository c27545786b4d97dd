import { describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { SymbolicatedStore } from '../../src/symbolicate/symbolicated-store.ts';
import { Symbolicator } from '../../src/symbolicate/symbolicator.ts';
import { temporaryFolder } from '../cli/run-cli.ts';
import { chunkOf, T0 } from '../profile/chunk-of.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem } from './envelope-of.ts';
import { type OpenCollector, openCollector } from './open-collector.ts';

/** What mutated envelopes found: each of these once made a collector fail for everybody, not only for its sender. */

const chunkAt = (seconds: number) => chunkOf([0, 0.01, 0.02].map((at) => [seconds - T0 + at, ['burn']]));
const QUESTIONS = ['routes', 'functions', 'requests', 'timeline', 'sessions', 'status'];

async function expectAnswers(collector: OpenCollector): Promise<void> {
  for (const question of QUESTIONS) {
    const { status, body } = await collector.get(`/api/v1/${question}`);
    expect(status, `${question}: ${JSON.stringify(body)}`).toBe(200);
  }
}

describe('a chunk whose samples cannot be in Unix seconds is refused', () => {
  test.each([T0 * 1e3, T0 * 1e6, 1e300, 0, -T0])('at %d', async (seconds) => {
    const collector = await openCollector();
    expect(await collector.post(envelopeOf(chunkItem(chunkAt(seconds))))).toMatchObject({
      status: 400,
      body: { detail: 'profiling_malformed_samples', causes: [expect.stringMatching(/Unix seconds/)] },
    });
    await expectAnswers(collector);
  });
});

describe('what is nested deeper than can be written again is refused', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const filled = (payload: unknown, levels: number) => JSON.stringify(payload).replace('"deep"', deep(levels));
  const chunk = { ...chunkAt(T0), extra: 'deep' };
  const container = spanItem(requestSpan('/a', 0, 1, { text: 'deep' }));

  test.each([1_500, 100_000])('%d levels', async (levels) => {
    const collector = await openCollector();
    for (const [header, payload] of [chunkItem(chunk), container]) {
      const answer = await collector.post(envelopeOf([header, filled(payload, levels)]));
      expect(answer).toMatchObject({ status: 400, body: { causes: [expect.stringMatching(/nested/)] } });
    }
    await expectAnswers(collector);
  });

  test('in a header, too', async () => {
    const collector = await openCollector();
    const header = `{"type":"span","length":${deep(100_000)}}`;
    for (const body of [`{}\n${header}\n{}`, `{"sdk":${deep(100_000)}}\n{"type":"span"}\n{}`]) {
      expect(await collector.post(body)).toMatchObject({
        status: 400,
        body: { detail: expect.stringMatching(/header is nested too deeply/) },
      });
    }
  });

  test('brackets within texts are none', async () => {
    const collector = await openCollector();
    const text = `${'['.repeat(5_000)}\\"${'{'.repeat(5_000)}`;
    expect(await collector.post(envelopeOf(chunkItem({ ...chunkAt(T0), release: text })))).toMatchObject({
      status: 200,
    });
  });
});

test('a debug image whose id is no text is refused, and breaks no question', async () => {
  const store = await openSqliteStore(`${temporaryFolder()}/profiles.db`);
  const symbols = new Symbolicator(temporaryFolder());
  const collector = await openCollector({ store: new SymbolicatedStore(store, symbols), symbols });
  for (const wrong of [{ debug_id: 5 }, { code_file: ['/a.js'] }]) {
    const image = { type: 'sourcemap', code_file: '/a.js', debug_id: 'a'.repeat(32), ...wrong };
    const answer = await collector.post(
      envelopeOf(chunkItem({ ...chunkAt(T0), debug_meta: { images: [image] } } as never)),
    );
    expect(answer).toMatchObject({ status: 400, body: { detail: 'profiling_invalid_json' } });
  }
  await expectAnswers(collector);
});

test('item types that somebody makes up are counted, but not without end', async () => {
  const collector = await openCollector();
  for (let index = 0; index < 300; index++) await collector.post(envelopeOf([{ type: `made-up-${index}` }, {}]));
  await collector.post(envelopeOf([{ type: 'x'.repeat(100_000) }, {}]));
  const { ignored } = collector.counters;
  expect(Object.keys(ignored).length).toBeLessThan(120);
  expect(Object.keys(ignored).join('').length).toBeLessThan(10_000);
  expect(Object.values(ignored).reduce((a, b) => a + b)).toBe(301);
});

test('a file whose samples last longer than time is refused', async () => {
  const collector = await openCollector();
  const profiles = [
    { type: 'sampled', name: 'a', unit: 'microseconds', samples: Array(20).fill([0]), weights: Array(20).fill(9e14) },
  ];
  const body = JSON.stringify({ shared: { frames: [{ name: 'a' }] }, profiles });
  expect(await collector.post(body, {}, '/api/v1/import?name=a')).toMatchObject({
    status: 400,
    body: { detail: expect.stringMatching(/lasts/) },
  });
  await expectAnswers(collector);
});

describe('a recursion without end', () => {
  /** A chain of functions that call each other, and samples at these depths. */
  const recursion = (depth: number, samples: number[]): string =>
    JSON.stringify({
      nodes: Array.from({ length: depth }, (_, index) => ({
        id: index + 1,
        callFrame: { functionName: 'f', url: 'file:///app/f.js', lineNumber: index % 9, columnNumber: 0 },
        children: index + 1 < depth ? [index + 2] : [],
      })),
      startTime: 0,
      endTime: samples.length * 1_000,
      samples,
      timeDeltas: samples.map(() => 1_000),
    });
  const send = async (collector: OpenCollector, file: string) => collector.post(file, {}, '/api/v1/import?name=a');

  test('whose stacks are too many to be kept in full is refused', async () => {
    const collector = await openCollector();
    const everyDepth = Array.from({ length: 5_000 }, (_, index) => index + 1);
    expect(await send(collector, recursion(5_000, everyDepth))).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/stacks hold \d+ frames/) },
    });
  });

  test('is exported in the formats that can hold it, and for the others that is said', async () => {
    const collector = await openCollector();
    const samples = Array.from({ length: 1_500 }, (_, index) => 40_000 - (index % 2));
    const { session } = (await send(collector, recursion(40_000, samples))).body;
    const answers = [];
    for (const format of ['speedscope', 'cpuprofile', 'pprof']) {
      answers.push((await collector.get(`/api/v1/export?format=${format}&session=${session}`)).status);
    }
    expect(answers).toEqual([422, 200, 200]);
  });
});
