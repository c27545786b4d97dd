import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem } from './envelope-of.ts';
import { openCollector } from './open-collector.ts';

const goodChunk = () =>
  chunkOf([
    [0, ['burn']],
    [1, ['burn']],
    [2, []],
  ]);
const badChunk = () => chunkItem({ ...goodChunk(), profiler_id: 'x' });
const OTHER: [object, unknown] = [{ type: 'sessions' }, { aggregates: [] }];

describe('an envelope is answered as Sentry answers', () => {
  test('a good one: 200, its id, and everything is stored', async () => {
    const collector = await openCollector();
    const answer = await collector.post(envelopeOf(chunkItem(goodChunk()), spanItem(requestSpan('/a', 0, 1)), OTHER));
    expect(answer).toMatchObject({ status: 200, body: { id: 'e'.repeat(32) } });
    expect(await collector.status()).toEqual({
      version: '9.9.9',
      symbols: null,
      upkeep: expect.objectContaining({ toRollUp: 1, deleted: { chunks: 0, spans: 0, bytes: 0 } }),
      store: expect.objectContaining({ driver: 'sqlite', chunks: 1, spans: 1, requests: 1 }),
      ingest: {
        envelopes: 1,
        refusedEnvelopes: {},
        accepted: { profile_chunk: 1, span: 1 },
        ignored: { sessions: 1 },
        refused: {},
        duplicateChunks: 0,
        repairedMeasurements: 0,
        brokenAttributions: 0,
      },
    });
  });

  test('one without id or without items: 200', async () => {
    const collector = await openCollector();
    expect(await collector.post('{}\n')).toMatchObject({ status: 200, body: {} });
    expect(await collector.post(`{}\n{"type":"client_report"}\n{}`)).toMatchObject({ status: 200, body: {} });
  });

  test('an item that is broken is refused alone, with the reason, and counted', async () => {
    const collector = await openCollector();
    const answer = await collector.post(envelopeOf(badChunk(), chunkItem(goodChunk())));
    expect(answer).toMatchObject({
      status: 200,
      body: {
        refused: [
          {
            item: 0,
            type: 'profile_chunk',
            reason: 'profiling_invalid_json',
            detail: expect.stringMatching(/profiler_id/),
          },
        ],
      },
    });
    expect(await collector.status()).toMatchObject({
      store: { chunks: 1 },
      ingest: { refused: { profiling_invalid_json: 1 } },
    });
  });

  test('if every item was refused: 400 with the causes', async () => {
    const collector = await openCollector();
    const few = chunkItem(
      chunkOf([
        [0, ['burn']],
        [1, []],
      ]),
    );
    expect(await collector.post(envelopeOf(few, badChunk()))).toMatchObject({
      status: 400,
      body: {
        detail: 'profiling_not_enough_samples',
        causes: [
          expect.stringMatching(/^item 0 \(profile_chunk\): profiling_not_enough_samples: /),
          expect.stringMatching(/^item 1 .*profiler_id/),
        ],
      },
    });
    expect(await collector.status()).toMatchObject({ store: { chunks: 0 } });
  });

  test('the same chunk twice is stored once, and is no error for the sender', async () => {
    const collector = await openCollector();
    const envelope = envelopeOf(chunkItem(goodChunk()));
    await collector.post(envelope);
    expect(await collector.post(envelope)).toMatchObject({ status: 200 });
    expect(await collector.status()).toMatchObject({ store: { chunks: 1 }, ingest: { duplicateChunks: 1 } });
  });

  test('a chunk without platform in its header is taken, one whose header says another is not', async () => {
    const collector = await openCollector();
    expect(await collector.post(envelopeOf([{ type: 'profile_chunk' }, goodChunk()]))).toMatchObject({ status: 200 });
    for (const platform of ['python', 3]) {
      const answer = await collector.post(envelopeOf([{ type: 'profile_chunk', platform }, goodChunk()]));
      expect(answer).toMatchObject({ status: 400, body: { detail: 'profiling_invalid_profile_type' } });
    }
  });

  test('a store that fails is 503, and whoever runs the collector is told once', async () => {
    const lines: string[] = [];
    const collector = await openCollector({ log: (line) => lines.push(line) });
    await collector.store.close();
    for (let round = 0; round < 3; round++) {
      expect(await collector.post(envelopeOf(chunkItem(goodChunk())))).toMatchObject({
        status: 503,
        body: { detail: expect.stringMatching(/NP_STORE/) },
      });
    }
    expect(lines).toEqual([expect.stringMatching(/^\[next-profiling\] cannot use the store .*\n$/)]);
    expect(collector.counters.refusedEnvelopes).toEqual({ NP_STORE: 3 });
  });
});

test('attribution that does not fit is dropped and counted, and whoever runs the collector is told once', async () => {
  const lines: string[] = [];
  const collector = await openCollector({ log: (line) => lines.push(line) });
  for (const found of [[1], [1, 2], [1, 2, '\u001b[2J']]) {
    const next_profiling = { version: 1, sample_cpu_us: found } as never;
    const answer = await collector.post(envelopeOf(chunkItem({ ...goodChunk(), next_profiling })));
    expect(answer).toMatchObject({ status: 200, body: { id: 'e'.repeat(32) } });
  }
  expect(await collector.status()).toMatchObject({ store: { chunks: 3 }, ingest: { brokenAttributions: 3 } });
  expect(lines).toEqual([
    expect.stringMatching(/^\[next-profiling\] .*sample_cpu_us must have one element per sample, .* by time, .*\n$/),
  ]);
});

describe('spans that cannot be read are refused and the others kept', () => {
  const span = (change: object) => ({ ...requestSpan('/a', 0, 1), ...change });

  test.each<[string, object, RegExp]>([
    ['no span_id', { span_id: undefined }, /items\[0\].span_id must be a string, found missing/],
    ['a short span_id', { span_id: 'abc' }, /span_id must be 16 hexadecimal digits, found 'abc'/],
    ['a trace_id that is no hex', { trace_id: 'z'.repeat(32) }, /trace_id/],
    ['a start in milliseconds', { start_timestamp: T0 * 1000 }, /start_timestamp must be Unix seconds/],
    ['no end', { end_timestamp: undefined }, /end_timestamp must be a finite number, found missing/],
    ['a numeric name', { name: 3 }, /name must be a string/],
    ['attributes as array', { attributes: [] }, /attributes must be an object/],
  ])('%s', async (_, change, problem) => {
    const collector = await openCollector();
    const alone = await collector.post(envelopeOf(spanItem(span(change))));
    expect(alone).toMatchObject({
      status: 400,
      body: { detail: 'invalid_span', causes: [expect.stringMatching(problem)] },
    });
    const among = await collector.post(envelopeOf(spanItem(span(change), requestSpan('/b', 0, 1))));
    expect(among).toMatchObject({
      status: 200,
      body: { refused: [{ item: 0, reason: 'invalid_span', detail: expect.stringMatching(problem) }] },
    });
    expect(await collector.status()).toMatchObject({ store: { spans: 1 }, ingest: { refused: { invalid_span: 2 } } });
  });

  test.each<[string, [object, unknown], RegExp]>([
    [
      'another content type',
      [{ type: 'span', content_type: 'application/json' }, {}],
      /content_type must be application\/vnd/,
    ],
    ['another version', [spanItem()[0], { version: 1, items: [] }], /version must be 2, found 1/],
    [
      'a count that is not true',
      [
        { ...spanItem()[0], item_count: 3 },
        { version: 2, items: [] },
      ],
      /counts 3 spans, its payload has 0/,
    ],
    ['no JSON', [spanItem()[0], '{'], /JSON/],
  ])('a container with %s', async (_, item, problem) => {
    const answer = await (await openCollector()).post(envelopeOf(item));
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: 'invalid_span', causes: [expect.stringMatching(problem)] },
    });
  });

  test('a clock that was set back makes a span of no length, not a broken one', async () => {
    const collector = await openCollector();
    expect(await collector.post(envelopeOf(spanItem(span({ end_timestamp: T0 - 5 }))))).toMatchObject({ status: 200 });
  });
});

test("a boot span of Next, stamped with the time since the machine's start, does not stretch the store to 1970", async () => {
  const collector = await openCollector();
  await collector.post(envelopeOf(spanItem({ ...requestSpan('/a', 0, 1), start_timestamp: 1368.485116 })));
  expect(await collector.status()).toMatchObject({ store: { startMicros: (T0 + 1) * 1e6, endMicros: (T0 + 1) * 1e6 } });
});

test('a boot span stamped so at both ends counts as of its arrival', async () => {
  const collector = await openCollector();
  const beforeMicros = Date.now() * 1000;
  const span = { ...requestSpan('/a', 0, 1), start_timestamp: 4084.6, end_timestamp: 4084.7 };
  await collector.post(envelopeOf(spanItem(span)));
  const { store } = (await collector.status()) as { store: { startMicros: number } };
  expect(store.startMicros).toBeGreaterThanOrEqual(beforeMicros);
});

describe('transactions, as SDK 10 sends them', () => {
  const profiler = newId();
  const root = { trace_id: newId(), span_id: newId().slice(0, 16) };
  const transaction = (more: object = {}) => ({
    type: 'transaction',
    transaction: 'GET /blog/hello',
    start_timestamp: T0,
    timestamp: T0 + 2,
    release: 'a@1',
    contexts: {
      trace: { ...root, op: 'http.server', data: { 'http.target': '/blog/hello?x=1', 'thread.id': '0' } },
      profile: {
        profiler_id: `${profiler.slice(0, 8)}-${profiler.slice(8, 12)}-${profiler.slice(12, 16)}-${profiler.slice(16, 20)}-${profiler.slice(20)}`,
      },
    },
    spans: [
      {
        trace_id: root.trace_id,
        span_id: newId().slice(0, 16),
        parent_span_id: root.span_id,
        description: 'render route (app) /blog/[slug]',
        start_timestamp: T0 + 0.5,
        timestamp: T0 + 1,
        data: { 'next.route': '/blog/[slug]' },
      },
    ],
    ...more,
  });

  test('are requests with their children, and get their CPU', async () => {
    const collector = await openCollector();
    await collector.post(envelopeOf([{ type: 'transaction' }, transaction()]));
    await collector.post(envelopeOf(chunkItem({ ...goodChunk(), profiler_id: profiler })));
    expect(await collector.status()).toMatchObject({ store: { spans: 2, requests: 1 } });
    const { body } = await collector.get('/api/v1/routes');
    expect(body.routes).toMatchObject([{ route: '/blog/[slug]', requests: 1, cpuMs: 2000 }]);
  });

  test('may carry RFC 3339 times', async () => {
    const collector = await openCollector();
    const times = { start_timestamp: '2026-11-20T10:00:00.250Z', timestamp: '2026-11-20T10:00:01Z' };
    expect(await collector.post(envelopeOf([{ type: 'transaction' }, transaction(times)]))).toMatchObject({
      status: 200,
    });
  });

  test.each<[string, object, RegExp]>([
    ['no contexts', { contexts: undefined }, /contexts must be an object/],
    ['no trace', { contexts: {} }, /contexts.trace must be an object/],
    [
      'a time that is none',
      { timestamp: 'yesterday' },
      /timestamp must be Unix seconds or RFC 3339, found "yesterday"/,
    ],
    ['spans that are none', { spans: [3] }, /spans\[0\] must be an object/],
  ])('with %s are refused whole', async (_, change, problem) => {
    const collector = await openCollector();
    const answer = await collector.post(envelopeOf([{ type: 'transaction' }, transaction(change)]));
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: 'invalid_transaction', causes: [expect.stringMatching(problem)] },
    });
    expect(await collector.status()).toMatchObject({ store: { spans: 0 } });
  });
});

test('compressed bodies are taken', async () => {
  const collector = await openCollector();
  const body = gzipSync(envelopeOf(chunkItem(goodChunk())));
  expect(await collector.post(body, { 'content-encoding': 'gzip' })).toMatchObject({ status: 200 });
  expect(await collector.status()).toMatchObject({ store: { chunks: 1 } });
});
