import { describe, expect, test } from 'vitest';
import type { CompareAnswer } from '../../src/collector/api-trace-types.ts';
import { newId, T0 } from '../profile/chunk-of.ts';
import { type ContextLine, contextChunk, inChunk } from './context-chunk.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem } from './envelope-of.ts';
import { openCollector } from './open-collector.ts';
import { randomFrom } from './random-profile.ts';

/** A release's hundred requests, one a second: `slow` takes about `meanMs` of each, `steady` 5 ms. */
function release(name: string, from: number, meanMs: number, seed: number): [object, unknown][] {
  const random = randomFrom(seed);
  const profiler_id = newId();
  const spans: ReturnType<typeof requestSpan>[] = [];
  const chunks = Array.from({ length: 4 }, (_, chunk) => {
    const lines: ContextLine[] = [];
    for (let index = 0; index < 25; index++) {
      const at = from + chunk * 25 + index;
      const span = requestSpan('/a', at, at + 0.9, { 'sentry.profiler_id': profiler_id, 'sentry.release': name });
      spans.push(span);
      lines.push([at + 0.1, ['slow', 'main'], inChunk(span), meanMs * (0.8 + 0.4 * random())]);
      lines.push([at + 0.2, ['steady', 'main'], inChunk(span), 5]);
    }
    return chunkItem(contextChunk(lines, { profiler_id, release: name }));
  });
  return [...chunks, spanItem(...spans)];
}

async function compare(items: [object, unknown][], query: string): Promise<CompareAnswer> {
  const { post, get } = await openCollector();
  expect((await post(envelopeOf(...items))).status).toBe(200);
  const { status, body } = await get(`/api/v1/compare?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

const RELEASES = 'route=/a&base=release%3Done&new=release%3Dtwo';
const of = (answer: CompareAnswer, name: string) =>
  answer.functions.find((row) => row.name === name) ?? expect.fail(`no function ${name}`);

describe('two releases', () => {
  test('differ by the function that became slower, per request', async () => {
    const answer = await compare([...release('one', 0, 10, 1), ...release('two', 1_000, 13, 2)], RELEASES);
    expect(answer.functions[0]?.name).toBe('slow');
    const { selfMs } = of(answer, 'slow');
    expect((selfMs.new - selfMs.base) / selfMs.base).toBeCloseTo(0.3, 1);
    expect(selfMs.new - selfMs.base).toBeGreaterThan(3 * (selfMs.noise ?? Number.POSITIVE_INFINITY));
    expect(of(answer, 'steady').selfMs).toMatchObject({ base: 5, new: 5 });
    expect(answer).toMatchObject({
      base: { requests: 100, release: 'one', fromMs: (T0 + 0.1) * 1e3 },
      new: { requests: 100, release: 'two' },
    });
    expect(answer.cpuMs.new).toBeCloseTo(of(answer, 'main').totalMs.new, 6);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0) / 1e3;
    expect(sum(answer.nodes.baseSelfMicros)).toBeCloseTo(answer.cpuMs.base, 1);
    expect(sum(answer.nodes.newSelfMicros)).toBeCloseTo(answer.cpuMs.new, 1);
  });

  test('that are the same differ by no more than the noise says', async () => {
    let within = 0;
    for (let seed = 10; seed < 30; seed += 2) {
      const answer = await compare([...release('one', 0, 10, seed), ...release('two', 1_000, 10, seed + 1)], RELEASES);
      const { selfMs } = of(answer, 'slow');
      if (Math.abs(selfMs.new - selfMs.base) < 2.5 * (selfMs.noise ?? 0)) within += 1;
    }
    expect(within).toBeGreaterThanOrEqual(9);
  });
});

test('two times of one release are compared by from and to', async () => {
  const items = [...release('one', 0, 10, 1), ...release('one', 1_000, 20, 2)];
  const side = (from: number, to: number) => encodeURIComponent(`from=${(T0 + from) * 1e3}&to=${(T0 + to) * 1e3}`);
  const answer = await compare(items, `route=/a&base=${side(0, 500)}&new=${side(900, 1_200)}`);
  const { selfMs } = of(answer, 'slow');
  expect(selfMs.base).toBeCloseTo(10, 0);
  expect(selfMs.new).toBeCloseTo(20, 0);
});

test('the noise of a known spread is its standard error, and somewhat more where slices cut requests', async () => {
  const answer = await compare([...release('one', 0, 10, 1), ...release('two', 1_000, 10, 2)], RELEASES);
  // Evenly from 8 to 12: a standard deviation of 4 / √12, over a hundred requests; 4 % for a run's luck; of two sides.
  const expected = Math.hypot(1, 1) * Math.hypot(4 / Math.sqrt(12) / 10, 0.04 * 10);
  expect((of(answer, 'slow').selfMs.noise ?? 0) / expected).toBeGreaterThan(0.9);
  expect((of(answer, 'slow').selfMs.noise ?? 0) / expected).toBeLessThan(1.3);
});

test.each([
  ['base=release%3Done', 400, /new is missing/],
  ['base=from%3Dyesterday&new=', 400, /from must be milliseconds/],
  ['route=/none&base=&new=', 404, /no request of route/],
])('%s is %i', async (query, status, detail) => {
  const { get } = await openCollector();
  expect(await get(`/api/v1/compare?${query}`)).toMatchObject({
    status,
    body: { detail: expect.stringMatching(detail) },
  });
});
