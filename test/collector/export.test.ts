import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import { describe, expect, test } from 'vitest';
import { newId } from '../profile/chunk-of.ts';
import { chunkItem, envelopeOf, spanItem } from './envelope-of.ts';
import { openCollector } from './open-collector.ts';
import { randomProfile } from './random-profile.ts';

const PROFILER = newId();
const PROFILE = randomProfile(7, 2, PROFILER);

/** Self time in microseconds by the plainest sum of what was sent, by name. */
function selfOf(weight: 'cpuMicros' | 'wallMicros', route?: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const sample of PROFILE.samples) {
    const name = sample.functions[0] ?? '';
    if (route !== undefined && sample.route !== route) continue;
    if (sample[weight] > 0) sums[name] = (sums[name] ?? 0) + sample[weight];
  }
  return sums;
}

async function exported(query: string) {
  const { port, post } = await openCollector();
  const items = [...PROFILE.chunks.map((chunk) => chunkItem(chunk)), spanItem(...PROFILE.requests)];
  expect((await post(envelopeOf(...items))).status).toBe(200);
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/export?${query}`);
  const body = Buffer.from(await response.arrayBuffer());
  expect(response.status, body.toString()).toBe(200);
  return { body, name: response.headers.get('content-disposition') };
}

const QUERIES: [query: string, weight: 'cpuMicros' | 'wallMicros', route?: string][] = [
  ['', 'cpuMicros'],
  ['&weight=wall', 'wallMicros'],
  ['&route=/a', 'cpuMicros', '/a'],
  [`&session=${PROFILER}`, 'cpuMicros'],
];

describe.each(QUERIES)('a profile of %o', (query, weight, route) => {
  test('as speedscope’s has every sum, and the fields that its schema demands', async () => {
    const { body, name } = await exported(`format=speedscope${query}`);
    expect(name).toMatch(/^attachment; filename="[A-Za-z0-9-]+\.speedscope\.json"$/);
    const file = JSON.parse(body.toString());
    const schema = JSON.parse(readFileSync(schemaFile(), 'utf8'));
    for (const [of, definition] of [
      [file, 'File'],
      [file.profiles[0], 'SampledProfile'],
      [file.shared.frames[0], 'Frame'],
    ] as const) {
      expect(Object.keys(of)).toEqual(expect.arrayContaining(schema.definitions[definition]?.required ?? []));
    }
    const sums: Record<string, number> = {};
    for (const { samples, weights, endValue } of file.profiles) {
      expect(samples.length).toBe(weights.length);
      for (const [index, stack] of samples.entries()) {
        const leaf = file.shared.frames[stack.at(-1)].name;
        sums[leaf] = (sums[leaf] ?? 0) + weights[index];
      }
      expect(weights.reduce((sum: number, value: number) => sum + value, 0)).toBe(endValue);
    }
    expect(sums).toEqual(selfOf(weight, route));
  });

  test('as Chrome’s has every sum, told by the time until the next sample', async () => {
    const { body } = await exported(`format=cpuprofile${query}`);
    const { nodes, samples, timeDeltas, startTime, endTime } = JSON.parse(body.toString());
    const byId = new Map(nodes.map((node: { id: number }) => [node.id, node]));
    const sums: Record<string, number> = {};
    for (const [index, id] of samples.entries()) {
      const { callFrame } = byId.get(id) as { callFrame: { functionName: string } };
      const until = timeDeltas[index + 1] ?? 0;
      if (until > 0) sums[callFrame.functionName] = (sums[callFrame.functionName] ?? 0) + until;
    }
    expect(sums).toEqual(selfOf(weight, route));
    expect(timeDeltas.reduce((sum: number, value: number) => sum + value, 0)).toBe(endTime - startTime);
    const children = nodes.flatMap((node: { children: number[] }) => node.children);
    expect(new Set(children).size).toBe(nodes.length - 1);
  });

  test('as pprof has samples, CPU and wall time', async () => {
    const { body } = await exported(`format=pprof${query}`);
    const { sample, sampleType, location, function: functions, stringTable } = Profile.decode(gunzipSync(body));
    const text = (index: number | bigint) => stringTable.strings[Number(index)] ?? '';
    expect(sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`)).toEqual([
      'samples/count',
      'cpu/nanoseconds',
      'wall/nanoseconds',
    ]);
    const sums: [Record<string, number>, Record<string, number>] = [{}, {}];
    let count = 0;
    for (const { locationId, value } of sample) {
      const leaf = location.find(({ id }) => id === locationId[0]);
      const name = text(functions.find(({ id }) => id === leaf?.line[0]?.functionId)?.name ?? 0);
      count += Number(value[0]);
      for (const [index, sum] of sums.entries()) {
        const micros = Number(value[index + 1]) / 1e3;
        if (micros > 0) sum[name] = (sum[name] ?? 0) + micros;
      }
    }
    expect(sums).toEqual([selfOf('cpuMicros', route), selfOf('wallMicros', route)]);
    expect(count).toBe(PROFILE.samples.filter((of) => route === undefined || of.route === route).length);
  });
});

test('what there is nothing of, and formats that there are none of, are refused', async () => {
  const { get } = await openCollector();
  expect(await get('/api/v1/export?format=speedscope')).toMatchObject({ status: 404 });
  expect(await get('/api/v1/export?format=svg')).toMatchObject({
    status: 400,
    body: { detail: expect.stringMatching(/^format must be speedscope, cpuprofile, pprof, found 'svg'/) },
  });
});

function schemaFile(): string {
  const manifest = createRequire(import.meta.url).resolve('speedscope/package.json');
  return join(dirname(manifest), 'dist', 'release', 'file-format-schema.json');
}
