import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { brokenRules } from '../../e2e/relay-rules.ts';
import { busyMs } from '../busy-ms.ts';
import { nodeBinary, SUPPORTED_NODE_VERSIONS } from '../node-versions.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { SentryApp } from '../sentry-app.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };
const HOUR = 3_600;

let folder: string;
let app: SentryApp;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'next-profiling-clock-'));
  const source = join(import.meta.dirname, '../fixtures/jumping-clock.c');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', join(folder, 'clock.so'), source]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  writeFileSync(join(folder, 'offset'), Buffer.alloc(8));
});
const clockOf = async (): Promise<number> => (await app.call('burnUntil', 0)) - Date.now();

const start = async (init: object, version = '24.21.0', env = {}): Promise<void> => {
  app = untilTestEnds(
    await SentryApp.start({
      dsn: sink.dsn,
      init: init as Record<string, unknown>,
      nodeBinary: nodeBinary(version),
      env: { LD_PRELOAD: join(folder, 'clock.so'), JUMPING_CLOCK: join(folder, 'offset'), ...env },
    }),
  );
};

const BINDINGS: [name: string, version: string, env: Record<string, string>][] = [
  ...SUPPORTED_NODE_VERSIONS.map((version): [string, string, object] => [`Node ${version}`, version, {}]),
  ['the fallback', '24.21.0', { SENTRY_PROFILER_BINARY_PATH: '/nowhere' }],
] as never;

test.each(BINDINGS)(
  'a clock that is set while a chunk runs breaks no chunk and loses none, %s',
  async (_, version, env) => {
    await start(TRACE, version, env);
    await app.call('hold', 'root');
    for (const seconds of [HOUR, -HOUR, 0]) {
      await app.call('burn', 150);
      await app.call('setClock', seconds);
      expect((await clockOf()) / 1e3).toBeCloseTo(seconds, 0);
      await app.call('burn', 150);
      await app.call('flush');
      await app.call('burn', 100);
      await app.call('flush');
    }
    await app.call('end', 'root');
    await app.call('flush');
    const { counters } = await app.status();
    expect(counters).toMatchObject({ chunksDropped: {}, chunksSent: sink.chunks.length });
    for (const { header, payload } of sink.items.filter((item) => item.header.type === 'profile_chunk')) {
      expect(brokenRules(header, JSON.parse(payload))).toEqual([]);
    }
    for (const { profile, measurements = {} } of sink.chunks) {
      const times = profile.samples.map(({ timestamp }) => timestamp);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      const [first = 0, last = 0] = [times[0], times.at(-1)];
      expect(last - first).toBeLessThan(60);
      // What was measured meanwhile is of the same clock.
      for (const { timestamp } of Object.values(measurements).flatMap(({ values }) => values)) {
        expect(Math.abs(timestamp - first)).toBeLessThan(60);
      }
    }
    expect(busyMs(sink.chunks, 'hotFunction')).toBeGreaterThan(1_000);
    expect(busyMs(sink.chunks, 'hotFunction')).toBeLessThan(1_500);
  },
);

test.each([HOUR, -HOUR])(
  'a transaction during which the clock is set by %d seconds keeps its profile',
  async (seconds) => {
    await start({ tracesSampleRate: 1, profilesSampleRate: 1, traceLifecycle: 'static' });
    await app.call('requestAcross', 100, seconds);
    await app.call('flush');
    const [profile] = sink.payloads('profile').map((payload) => JSON.parse(payload));
    const times: number[] = profile.profile.samples.map(
      (sample: { elapsed_since_start_ns: number }) => sample.elapsed_since_start_ns,
    );
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(0);
    expect(times.at(-1)).toBeGreaterThan(150e6);
    expect(times.at(-1)).toBeLessThan(30e9);
  },
);
