/**
 * What 20,000 requests over 20 chunks leave in memory: `node test/bench/memory.ts [requests] [node versions…]`. The same app
 * without us, with a Sentry that answers, and with one that never does.
 */
import { nodeBinary } from '../node-versions.ts';
import { SentryApp } from '../sentry-app.ts';
import { Sink } from '../sink.ts';

const [given = '20000', ...versions] = process.argv.slice(2);
const requests = Number(given);
const init = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };
const MIB = 1024 * 1024;

const MODES = {
  'without us': { env: { NEXT_PROFILING: 'off' }, hangs: false },
  'healthy sink': { env: {}, hangs: false },
  'hanging sink, without us': { env: { NEXT_PROFILING: 'off' }, hangs: true },
  'hanging sink': { env: {}, hangs: true },
};

for (const version of versions.length > 0 ? versions : ['22.23.3', '24.21.0']) {
  for (const [name, { env, hangs }] of Object.entries(MODES)) {
    const sink = await Sink.listen();
    sink.keeps = false;
    if (hangs) sink.fault = 'hang';
    const app = await SentryApp.start({
      dsn: sink.dsn,
      init,
      env,
      profiling: { chunkDurationMs: 1_000 },
      nodeBinary: nodeBinary(version),
      execArgv: ['--expose-gc'],
    });
    // What is allocated once is no growth.
    await app.call('requests', 500, 0.5, 0);
    const before = await app.call('memory');
    await app.call('requests', requests, 0.5, 0);
    const after = await app.call('memory');
    const { counters, cost } = await app.status();
    const mib = (bytes: number): string => (bytes / MIB).toFixed(1);
    console.log(
      `Node ${version}, ${name}: heap ${mib(after.heapUsed)} MiB (${mib(after.heapUsed - before.heapUsed)} more), ` +
        `RSS ${mib(after.rss)} MiB (${mib(after.rss - before.rss)} more)`,
    );
    console.log(`  ${JSON.stringify({ ...counters, ...cost })}`);
    await app.stop();
    sink.close();
  }
}
