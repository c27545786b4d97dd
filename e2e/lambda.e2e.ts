import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { busyMs } from '../test/busy-ms.ts';
import { LambdaRuntimeApi } from '../test/lambda-runtime-api.ts';
import { Sink } from '../test/sink.ts';
import { buildApp } from './build-app.ts';
import { deploy } from './deployment.ts';
import { expectOnlyAcceptableChunks, readableChunks } from './received-profiles.ts';
import { RunningApp } from './running-app.ts';

const BURN_MS = 100;
/** Longer than the session goes on after a request. */
const FREEZE_MS = 1_500;
const ADAPTER = join(import.meta.dirname, 'lambda-adapter.cjs');

test('behind a Lambda adapter each invocation leaves its whole profile behind before the freeze, linked to its spans', async () => {
  const deployment = await deploy(await buildApp({ name: 'next-16-turbopack', next: 16, bundler: 'turbopack' }));
  const sink = await Sink.listen();
  const api = new LambdaRuntimeApi();
  const app = await RunningApp.startStandalone(deployment.server, {
    SENTRY_DSN: sink.dsn,
    NODE_OPTIONS: `--require=${ADAPTER}`,
    AWS_LAMBDA_RUNTIME_API: await api.listen(),
  });
  const chunksSoFar = () => sink.payloads('profile_chunk').length;
  const burntMs: number[] = [];
  try {
    await api.idle();
    for (let i = 1; i <= 3; i++) {
      const [before, spansBefore] = [chunksSoFar(), sink.payloads('span').length];
      await api.invoke(`invocation-${i}`, {
        version: '2.0',
        rawPath: '/api/busy',
        rawQueryString: `ms=${BURN_MS}`,
        requestContext: { http: { method: 'GET' } },
      });
      process.kill(app.pid, 'SIGSTOP');
      expect(JSON.parse(api.answers[i - 1] ?? '')).toMatchObject({ statusCode: 200 });
      const chunks = (await readableChunks(sink)).slice(before);
      const burnt = chunks.map((chunk) => busyMs([chunk], 'burnCpu'));
      burntMs.push(burnt.reduce((sum, ms) => sum + ms, 0));
      const span = sink
        .payloads('span')
        .slice(spansBefore)
        .find((payload) => payload.includes('GET /api/busy'));
      const of = chunks[burnt.findIndex((ms) => ms > 0)];
      expect(span).toContain(of?.profiler_id ?? 'none');
      expect(of?.next_profiling?.attribution).toBe('context');
      expect(of?.next_profiling?.spans?.map(({ route }) => route)).toContain('/api/busy');
      await new Promise((resolve) => setTimeout(resolve, FREEZE_MS));
      process.kill(app.pid, 'SIGCONT');
    }
    expect(Math.min(...burntMs)).toBeGreaterThan(BURN_MS / 2);
    expectOnlyAcceptableChunks(sink);
  } finally {
    process.kill(app.pid, 'SIGCONT');
    await app.stop();
    sink.close();
    api.close();
    await deployment.remove();
  }
  // Nothing of an invocation came later than its freeze.
  const allMs = busyMs(await readableChunks(sink), 'burnCpu');
  expect(allMs).toBeCloseTo(
    burntMs.reduce((sum, ms) => sum + ms, 0),
    3,
  );
});
