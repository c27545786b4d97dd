import { describe, expect, test } from 'vitest';
import type { TreeAnswer } from '../../src/collector/api-profile-types.ts';
import { chunkOf, newId, T0 } from '../profile/chunk-of.ts';
import { type ContextLine, contextChunk, inChunk } from './context-chunk.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem, spanOf } from './envelope-of.ts';
import { openCollector } from './open-collector.ts';
import { type RandomProfile, randomProfile } from './random-profile.ts';

const PROFILER = newId();
const request = (route: string, from: number, to: number) =>
  requestSpan(route, from, to, { 'sentry.profiler_id': PROFILER, 'thread.id': '0' });
const context = (...lines: ContextLine[]) => chunkItem(contextChunk(lines, { profiler_id: PROFILER }));

async function collectorWith(...items: [object, unknown][]) {
  const collector = await openCollector();
  expect((await collector.post(envelopeOf(...items))).status).toBe(200);
  return {
    tree: async (query = ''): Promise<TreeAnswer> => {
      const { status, body } = await collector.get(`/api/v1/tree${query}`);
      expect(status, JSON.stringify(body)).toBe(200);
      return body;
    },
    get: collector.get,
  };
}

/** `root;child;leaf` → what a column says of it. */
function byPath({ frames, nodes }: TreeAnswer, column: 'selfCpuMicros' | 'selfWallMicros' | 'samples' | 'runs') {
  const paths: string[] = [];
  nodes.parent.forEach((parent, node) => {
    expect(parent).toBeLessThan(node);
    paths[node] = `${parent === -1 ? '' : `${paths[parent]};`}${frames.name[nodes.frame[node] ?? -1]}`;
  });
  const sums: Record<string, number> = {};
  // The same name on another line is another function: chunks of tests number lines by first use.
  for (const [node, path] of paths.entries()) {
    const value = nodes[column][node] ?? 0;
    if (value > 0) sums[path] = (sums[path] ?? 0) + value;
  }
  return sums;
}

/** The same by the plainest sum that there is. */
function bruteForce(samples: RandomProfile['samples'], weight: 'cpuMicros' | 'wallMicros'): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { functions, [weight]: micros } of samples) {
    const path = [...functions].reverse().join(';');
    if (micros > 0) sums[path] = (sums[path] ?? 0) + micros;
  }
  return sums;
}

test('the tree of everything and of each route equals the sums of its samples, in CPU and wall time', async () => {
  const profile = randomProfile(1, 4, PROFILER);
  const { tree } = await collectorWith(
    ...profile.chunks.map((chunk) => chunkItem(chunk)),
    spanItem(...profile.requests),
  );
  for (const route of [undefined, '/a', '/b', '/c/[id]']) {
    const answer = await tree(route === undefined ? '' : `?route=${encodeURIComponent(route)}`);
    const samples = profile.samples.filter((sample) => route === undefined || sample.route === route);
    expect(byPath(answer, 'selfCpuMicros')).toEqual(bruteForce(samples, 'cpuMicros'));
    expect(byPath(answer, 'selfWallMicros')).toEqual(bruteForce(samples, 'wallMicros'));
    expect(answer.attribution).toBe('context');
    expect(answer.requests).toBe(
      profile.requests.filter(({ name }) => route === undefined || name === `GET ${route}`).length,
    );
  }
});

test('neighbouring ranges add up to the whole', async () => {
  const profile = randomProfile(2, 2, PROFILER);
  const { tree } = await collectorWith(
    ...profile.chunks.map((chunk) => chunkItem(chunk)),
    spanItem(...profile.requests),
  );
  const sum = (answer: TreeAnswer) => answer.nodes.selfCpuMicros.reduce((all, micros) => all + micros, 0);
  const border = (T0 + 1.2345) * 1000;
  const [before, after, all] = [await tree(`?to=${border}`), await tree(`?from=${border}`), await tree()];
  expect(sum(before)).toBeGreaterThan(0);
  expect(sum(before) + sum(after)).toBe(sum(all));
});

describe('a run is a function seen on consecutive samples', () => {
  test('of one request; another request, idleness and another function end it', async () => {
    const [first, second] = [request('/a', 0, 1), request('/a', 1, 2)];
    const lines: ContextLine[] = [
      [0.0, ['f', 'main'], inChunk(first), 10],
      [0.1, ['g', 'f', 'main'], inChunk(first), 10],
      [0.2, ['main'], inChunk(first), 10],
      [0.3, ['f', 'main'], inChunk(first), 10],
      [0.4, [], null, 0],
      [0.5, ['f', 'main'], inChunk(first), 10],
      [1.1, ['f', 'main'], inChunk(second), 10],
    ];
    const { tree } = await collectorWith(context(...lines), spanItem(first, second));
    expect(byPath(await tree(), 'runs')).toEqual({ main: 3, 'main;f': 4, 'main;f;g': 1 });
    expect(byPath(await tree(), 'samples')).toEqual({ main: 1, 'main;f': 4, 'main;f;g': 1 });
  });
});

describe('a question is narrowed down', () => {
  const busy = request('/busy', 0, 3);
  const page = spanOf({ name: 'Page /busy', from: 0, to: 3, parent: busy });
  const lines: ContextLine[] = [
    [0, ['route', 'main'], inChunk(busy), 1],
    [1, ['page', 'main'], { ...inChunk(page), parent: inChunk(busy) }, 2],
    [2, ['timer'], null, 4],
    [3, ['route', 'main'], inChunk(busy), 8],
  ];
  const other = chunkOf(
    [
      [10, ['elsewhere'], '7'],
      [11, ['elsewhere'], '7'],
    ],
    { release: 'app@2', environment: 'staging' },
  );
  test.each([
    ['to a trace', `trace=${busy.trace_id}`, { 'main;route': 9_000, 'main;page': 2_000 }],
    ['to a span and those below', `span=${page.span_id}`, { 'main;page': 2_000 }],
    ['to the root span', `span=${busy.span_id}`, { 'main;route': 9_000, 'main;page': 2_000 }],
    ['to a session', `session=${PROFILER}`, { 'main;route': 9_000, 'main;page': 2_000, timer: 4_000 }],
    ['to a thread', 'thread=7', { elsewhere: 1_000_000 }],
    ['to a release', 'release=app%402', { elsewhere: 1_000_000 }],
    ['to what names no release', 'release=', { 'main;route': 9_000, 'main;page': 2_000, timer: 4_000 }],
    ['to an environment', 'environment=staging', { elsewhere: 1_000_000 }],
    ['to nothing', 'release=none', {}],
  ])('%s', async (_, query, expected) => {
    const { tree } = await collectorWith(context(...lines), chunkItem(other), spanItem(busy, page));
    expect(byPath(await tree(`?${query}`), 'selfCpuMicros')).toEqual(expected);
  });

  test.each([
    ['trace=xyz', /trace must be 32 hexadecimal digits, found 'xyz'/],
    ['span=1', /span must be 16 hexadecimal digits/],
    ['nodes=0', /nodes must be a whole number from 1 to 500000, found '0'/],
    ['from=yesterday', /from must be milliseconds/],
  ])('%s is refused', async (query, detail) => {
    const { get } = await collectorWith(context(...lines));
    expect(await get(`/api/v1/tree?${query}`)).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(detail) },
    });
  });
});

test('a tree with more nodes than asked for keeps the largest and every sum', async () => {
  const profile = randomProfile(3, 1, PROFILER);
  const { tree } = await collectorWith(
    ...profile.chunks.map((chunk) => chunkItem(chunk)),
    spanItem(...profile.requests),
  );
  const [all, pruned] = [await tree(), await tree('?nodes=20')];
  expect(all.prunedNodes).toBe(0);
  expect(pruned.prunedNodes).toBe(all.nodes.parent.length - 20);
  const real = pruned.nodes.frame.filter((frame) => pruned.frames.kind[frame] !== 'pruned');
  expect(real.length).toBe(20);
  for (const column of ['selfCpuMicros', 'selfWallMicros', 'samples'] as const) {
    const sum = ({ nodes }: TreeAnswer) => nodes[column].reduce((total, value) => total + value, 0);
    expect(sum(pruned)).toBe(sum(all));
  }
  expect(byPath(all, 'selfCpuMicros')).toMatchObject(
    Object.fromEntries(Object.entries(byPath(pruned, 'selfCpuMicros')).filter(([path]) => !path.includes('(pruned)'))),
  );
});
