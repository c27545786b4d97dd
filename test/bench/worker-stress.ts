/**
 * Ends what is profiled in the hardest ways: `node test/bench/worker-stress.ts [cycles] [exits] [node version]`.
 * Cycles of four workers that allocate, cut chunks and are terminated; then processes that exit with such workers alive.
 */
import { nodeBinary } from '../node-versions.ts';
import { SentryApp } from '../sentry-app.ts';
import { Sink } from '../sink.ts';

const [cycles = 200, exits = 50] = process.argv.slice(2, 4).map(Number);
const version = process.argv[4] ?? '24.21.0';
const WORKERS = 4;
const init = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

const sink = await Sink.listen();
const start = (): Promise<SentryApp> =>
  SentryApp.start({ dsn: sink.dsn, init, profiling: { maxOverhead: 1 }, nodeBinary: nodeBinary(version) });

const app = await start();
await app.call('hold', 'root');
const startedMs = performance.now();
await app.call('churnWorkers', cycles, WORKERS);
console.log(
  `${cycles} cycles of ${WORKERS} workers on Node ${version}: ${Math.round(performance.now() - startedMs)} ms`,
);
console.log(JSON.stringify((await app.status()).counters));
console.log(`the process ends by process.exit(7) with ${await app.endBy({ call: 'exit', args: [7] })}`);
console.log(app.ourLines.join('\n'));

const endings: Record<string, number> = {};
for (let i = 0; i < exits; i++) {
  const ending = await start();
  await ending.call('hold', 'root');
  await ending.call('churnForever', WORKERS);
  const how = await ending.endBy({ call: 'exit', args: [7] });
  endings[how] = (endings[how] ?? 0) + 1;
  if (how !== 'code 7') console.log(ending.output);
}
console.log(`${exits} times process.exit(7) with ${WORKERS} live workers:`, endings);
console.log(`received ${sink.chunks.length} chunks`);
sink.close();
