import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { TreeAnswer } from '../../src/collector/api-profile-types.ts';
import { newId } from '../profile/chunk-of.ts';
import { chunkItem, envelopeOf, spanItem } from './envelope-of.ts';
import { type OpenCollector, openCollector } from './open-collector.ts';
import { randomProfile } from './random-profile.ts';

const PROFILER = newId();

function pathsOf({ frames, nodes }: TreeAnswer): Record<string, number> {
  const paths: string[] = [];
  const sums: Record<string, number> = {};
  nodes.parent.forEach((parent, node) => {
    const frame = nodes.frame[node] ?? -1;
    const position = `${frames.name[frame]} ${frames.file[frame]}:${frames.line[frame]}`;
    paths[node] = `${parent === -1 ? '' : `${paths[parent]};`}${position}`;
    const micros = nodes.selfCpuMicros[node] ?? 0;
    if (micros > 0) sums[paths[node] ?? ''] = micros;
  });
  return sums;
}

const send = async ({ port }: OpenCollector, body: string | Uint8Array, name = 'file', headers = {}) => {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/import?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    body: body as BodyInit,
    headers,
  });
  return { status: response.status, body: await response.json() };
};

describe.each(['speedscope', 'cpuprofile', 'pprof'])('what was exported as %s', (format) => {
  test('comes back as a session of its own with every sum, and is in nobody’s route table', async () => {
    const profile = randomProfile(5, 2, PROFILER);
    const collector = await openCollector();
    await collector.post(envelopeOf(...profile.chunks.map((chunk) => chunkItem(chunk)), spanItem(...profile.requests)));
    const before = (await collector.get('/api/v1/routes')).body;
    const exported = await fetch(`http://127.0.0.1:${collector.port}/api/v1/export?format=${format}`);
    const bytes = new Uint8Array(await exported.arrayBuffer());
    const { status, body } = await send(collector, bytes, `my <b>${format}</b>`);
    expect(status, JSON.stringify(body)).toBe(200);
    expect((await send(collector, bytes)).body).toEqual(body);
    expect((await collector.get('/api/v1/sessions')).body.sessions).toMatchObject([
      { session: body.session, kind: 'import', name: `my <b>${format}</b>`, chunks: 1 },
      { session: PROFILER, kind: 'continuous' },
    ]);
    const own = (await collector.get(`/api/v1/tree?session=${PROFILER}`)).body;
    const imported = (await collector.get(`/api/v1/tree?session=${body.session}`)).body;
    expect(pathsOf(imported)).toEqual(pathsOf(own));
    expect((await collector.get('/api/v1/routes')).body).toMatchObject({ cpuMs: before.cpuMs, routes: before.routes });
  });
});

const speedscope = (profile: object, frames: unknown = [{ name: 'a' }, { name: 'b' }]) =>
  JSON.stringify({ $schema: 'x', shared: { frames }, profiles: [{ name: 'main', unit: 'milliseconds', ...profile }] });

test('speedscope’s evented profiles can be read too', async () => {
  const collector = await openCollector();
  const events = [
    { type: 'O', frame: 0, at: 0 },
    { type: 'O', frame: 1, at: 2 },
    { type: 'C', frame: 1, at: 5 },
    { type: 'C', frame: 0, at: 6 },
  ];
  const { body } = await send(collector, speedscope({ type: 'evented', startValue: 0, endValue: 6, events }));
  const tree = (await collector.get(`/api/v1/tree?session=${body.session}`)).body;
  expect(pathsOf(tree)).toEqual({ 'a :0': 3_000, 'a :0;b :0': 3_000 });
});

describe('a file is refused with the reason', () => {
  const cpuProfile = (more: object) =>
    JSON.stringify({
      nodes: [
        { id: 1, callFrame: { functionName: '(root)' }, children: [2] },
        { id: 2, callFrame: { functionName: 'f' } },
      ],
      startTime: 0,
      endTime: 10,
      samples: [2, 2],
      timeDeltas: [0, 5],
      ...more,
    });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /none of its values is a time/],
    ['text', 'hello', /not a profile of pprof|none of its values/],
    ['other JSON', '{"traceEvents":[]}', /neither a profile of speedscope .* nor of Chrome/],
    ['broken JSON', '{"shared":', /JSON/],
    ['packed nonsense', gzipSync(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])), /pprof|none of its values/],
    [
      'a frame that is not there',
      speedscope({ type: 'sampled', samples: [[7]], weights: [1] }),
      /is 7, there are 2 frames/,
    ],
    [
      'a missing weight',
      speedscope({ type: 'sampled', samples: [[0]], weights: [] }),
      /weights\[0\] must be a finite number/,
    ],
    ['a negative weight', speedscope({ type: 'sampled', samples: [[0]], weights: [-1] }), /weighs -1000/],
    [
      'bytes instead of time',
      speedscope({ type: 'sampled', unit: 'bytes', samples: [], weights: [] }),
      /'bytes', which is no time/,
    ],
    ['no samples', speedscope({ type: 'sampled', samples: [], weights: [] }), /no samples/],
    [
      'events out of order',
      speedscope({ type: 'evented', startValue: 5, events: [{ type: 'O', frame: 0, at: 1 }] }),
      /before the event before/,
    ],
    [
      'a close without an open',
      speedscope({ type: 'evented', startValue: 0, events: [{ type: 'C', frame: 0, at: 1 }] }),
      /close the one that was opened last/,
    ],
    [
      'a circle of nodes',
      cpuProfile({
        nodes: [
          { id: 1, callFrame: { functionName: '(root)' }, children: [2] },
          { id: 2, callFrame: { functionName: 'f' }, children: [2, 1] },
        ],
      }),
      /names a node that is not there|must be a tree/,
    ],
    [
      'two callers of a node',
      cpuProfile({
        nodes: [
          { id: 1, callFrame: { functionName: '(root)' }, children: [2, 2] },
          { id: 2, callFrame: { functionName: 'f' } },
        ],
      }),
      /must be a tree/,
    ],
    ['a sample of no node', cpuProfile({ samples: [9, 2] }), /samples\[0\] names a node/],
  ])('%s', async (_, body, reason) => {
    const collector = await openCollector();
    const answer = await send(collector, body);
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringMatching(reason)]);
    expect((await collector.get('/api/v1/sessions')).body.sessions).toEqual([]);
  });

  test('more than fits', async () => {
    const collector = await openCollector({ maxWireBytes: 10_000, maxBodyBytes: 20_000 });
    expect((await send(collector, 'x'.repeat(11_000))).status).toBe(413);
    expect((await send(collector, gzipSync('x'.repeat(30_000)))).status).toBe(413);
  });
});

describe('who may import', () => {
  const FILE = speedscope({ type: 'sampled', samples: [[0]], weights: [1] });

  test.each([
    ['http://evil.example', 403],
    ['null', 403],
    ['http://127.0.0.1:1', 403],
    ['own', 200],
  ])('a page of %s is answered %i', async (origin, status) => {
    const collector = await openCollector();
    const from = origin === 'own' ? `http://127.0.0.1:${collector.port}` : origin;
    expect((await send(collector, FILE, 'file', { origin: from })).status).toBe(status);
  });

  test('a request under a foreign name is refused', async () => {
    const { port } = await openCollector();
    const headers = { host: 'evil.example', origin: 'http://evil.example' };
    const sent = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: '/api/v1/import', headers });
    sent.end(FILE);
    const [response] = await once(sent, 'response');
    expect(response.statusCode).toBe(403);
    response.resume();
  });

  test('only who has the token, where there is one', async () => {
    const token = 'secret-token-0123456789';
    const collector = await openCollector({ token });
    expect((await send(collector, FILE)).status).toBe(401);
    expect((await send(collector, FILE, 'file', { authorization: `Bearer ${token}` })).status).toBe(200);
  });
});
