import { expect, test } from '@playwright/test';
import type { ProfileChunk } from '../src/profile/types.ts';
import { attributedCpu, ownShare } from '../test/attribution/attributed-cpu.ts';
import { loadRoutes, THREAD_CLOCK } from '../test/attribution/burning-app.ts';
import { Sink } from '../test/sink.ts';
import { attributionApp } from './attribution-app.ts';
import { type BuiltApp, buildApp } from './build-app.ts';
import { type Deployment, deploy } from './deployment.ts';
import { expectOnlyAcceptableChunks, readableChunks } from './received-profiles.ts';
import { RunningApp } from './running-app.ts';

/** See `test/attribution/accuracy.test.ts` for what that makes of the error. */
const INTERVAL_MICROS = 2_000;
const WARM_UP_ROUNDS = 10;
/** For a longer look by hand: how often each route is asked for, and what Node 22 needs to know its async context. */
const ROUNDS = Number(process.env.ATTRIBUTION_ROUNDS ?? 15);
const NODE_ARGS = (process.env.ATTRIBUTION_NODE_ARGS ?? '').split(' ').filter((arg) => arg !== '');

/**
 * What is wanted, and was measured with 20 s of CPU and more, is 0.05. These runs are short, and other processes on the
 * same cores make ticks late: 0.057 was seen beside two builds.
 */
const CPU_ERROR = 0.08;

/**
 * What is wanted is 0.03, and at 60 rounds on a quiet machine 0.0235 and 0.0264 (Turbopack, webpack, Node 26), and 0.0239
 * and 0.0254 (Node 22) were measured: work before a root span begins, the SDK's sending, and V8's own collector tasks. A
 * short run of a cold server has more: this is a guard.
 */
const UNATTRIBUTED = 0.06;

const isLast = ({ next_profiling, profile }: ProfileChunk, after: number): boolean =>
  next_profiling?.end === 'stop' && (profile.samples.at(-1)?.timestamp ?? 0) > after;

for (const bundler of ['turbopack', 'webpack'] as const) {
  test.describe(`32 requests in flight, Next 16 with ${bundler}`, () => {
    let app: BuiltApp;
    let deployment: Deployment;

    test.beforeAll(async () => {
      app = await buildApp(attributionApp(bundler));
      deployment = await deploy(app);
    });
    test.afterAll(() => deployment?.remove());

    test('charges each its own CPU', async () => {
      const sink = await Sink.listen();
      const server = await RunningApp.start({
        cwd: deployment.server,
        args: () => [...NODE_ARGS, 'server.js'],
        env: {
          SENTRY_DSN: sink.dsn,
          THREAD_CLOCK,
          PROFILING: JSON.stringify({ samplingIntervalMicros: INTERVAL_MICROS, idleTimeoutMs: 100, maxOverhead: 1 }),
        },
      });
      const burned = async (): Promise<Record<string, number>> =>
        (await (await server.get('/api/burned')).json()).thread;
      const ask = async (path: string): Promise<number> => {
        const response = await server.get(path);
        await response.text();
        return response.status;
      };
      // Nothing can be flushed from outside. But a session ends soon after its last request, and with it its last chunk.
      const load = async (rounds: number): Promise<void> => {
        await loadRoutes(ask, ['/api/a', '/api/b', '/api/c'], rounds, 32);
        const ended = Date.now() / 1000;
        await ask('/api/a');
        await sink.until(({ chunks }) => chunks.some((chunk) => isLast(chunk, ended)), 'the last chunk');
        await sink.until((all) => !/unknown/.test(JSON.stringify(attributedCpu(all).byRoute)), 'all root spans');
      };
      try {
        await load(WARM_UP_ROUNDS);
        const before = await burned();
        sink.items.length = 0;
        await load(ROUNDS);
        const cpu = attributedCpu(sink, await readableChunks(sink));
        const after = await burned();
        for (const [burner, route] of [
          ['burnA', '/api/a'],
          ['burnB', '/api/b'],
        ] as const) {
          expect(ownShare(cpu, burner, route), JSON.stringify(cpu.samplesOf)).toBeGreaterThanOrEqual(0.995);
          const burnedMs = ((after[burner] ?? 0) - (before[burner] ?? 0)) / 1000;
          const share = (cpu.cpuOf[burner]?.[route] ?? 0) / burnedMs;
          expect(share, `${burner} on ${route}: profile against CPU clock`).toBeGreaterThan(1 - CPU_ERROR);
          expect(share, `${burner} on ${route}: profile against CPU clock`).toBeLessThan(1 + CPU_ERROR);
        }
        const unattributed = cpu.unattributedMs / cpu.busyMs;
        test.info().annotations.push({
          type: 'unattributed',
          description: `${(100 * unattributed).toFixed(2)} %, in ${JSON.stringify(cpu.unattributedIn.slice(0, 8))}`,
        });
        expect(unattributed, JSON.stringify(cpu.unattributedIn.slice(0, 10))).toBeLessThanOrEqual(UNATTRIBUTED);
        expectOnlyAcceptableChunks(sink);
      } finally {
        await server.stop();
        sink.close();
      }
    });
  });
}
