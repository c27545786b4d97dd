import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { ProfileChunk } from '../src/profile/types.ts';
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

/** The CPU time of a process's main thread, as the kernel counts it. */
async function threadCpuMs(pid: number): Promise<number> {
  return Number((await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8')).split(' ')[0]) / 1e6;
}

/** The same as a chunk has it. */
const chunkCpuMs = ({ next_profiling: extension }: ProfileChunk): number =>
  ((extension?.sample_cpu_us ?? []).reduce((sum, us) => sum + us, 0) + (extension?.unsampled_cpu_us ?? 0)) / 1e3;

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
  let [sampledMs, usedMs, usedBeforeMs] = [0, 0, 0];
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
      const usedSoFarMs = await threadCpuMs(app.pid);
      expect(JSON.parse(api.answers[i - 1] ?? '')).toMatchObject({ statusCode: 200 });
      const chunks = (await readableChunks(sink)).slice(before);
      const burnt = chunks.map((chunk) => busyMs([chunk], 'burnCpu'));
      burntMs.push(burnt.reduce((sum, ms) => sum + ms, 0));
      const requests = sink
        .payloads('span')
        .slice(spansBefore)
        .flatMap((payload) => JSON.parse(payload).items)
        .filter(({ is_segment, name }) => is_segment && name === 'GET /api/busy');
      expect(requests).toHaveLength(1);
      const of = chunks[burnt.findIndex((ms) => ms > 0)];
      expect(JSON.stringify(requests[0])).toContain(of?.profiler_id ?? 'none');
      expect(of?.next_profiling?.attribution).toBe('context');
      expect(of?.next_profiling?.spans?.map(({ route }) => route)).toContain('/api/busy');
      // The first one's has what the server's start took as well.
      if (i > 1) usedMs += usedSoFarMs - usedBeforeMs;
      if (i > 1) sampledMs += chunks.reduce((sum, chunk) => sum + chunkCpuMs(chunk), 0);
      usedBeforeMs = usedSoFarMs;
      await new Promise((resolve) => setTimeout(resolve, FREEZE_MS));
      process.kill(app.pid, 'SIGCONT');
    }
    expect(Math.min(...burntMs)).toBeGreaterThan(0);
    // Of so few samples each one counts: a machine that is busy elsewhere gave 191 ms for 153.
    expect(sampledMs / usedMs, `${sampledMs} of ${usedMs} ms`).toBeGreaterThan(0.6);
    expect(sampledMs / usedMs, `${sampledMs} of ${usedMs} ms`).toBeLessThan(1.6);
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
