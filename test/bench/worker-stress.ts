/**
 * Ends what is profiled in the hardest ways: `node test/bench/worker-stress.ts [cycles] [exits] [node version] [company] [asked]`.
 * Cycles of four workers that allocate, cut chunks and are terminated; then processes that exit with such workers alive; and
 * a few of these without us. `company`: who else is in the process (`test/fixtures/bad-company.mjs`), like `two-profilers`:
 * Sentry's own, and in every thread an inspector that starts and stops all the while. `asked`: the workers have no Sentry
 * client, and are profiled because the main thread asks.
 */
import { nodeBinary } from '../node-versions.ts';
import { SentryApp } from '../sentry-app.ts';
import { Sink } from '../sink.ts';

const [cycles = 200, exits = 50] = process.argv.slice(2, 4).map(Number);
const [version = '24.21.0', company = 'none', asked] = process.argv.slice(4);
const calls = asked ? ['churnProfiledWorkers', 'churnProfiledForever'] : ['churnWorkers', 'churnForever'];
const [churn, leaveBehind] = calls as [string, string];
const WORKERS = 4;
const EXITS_WITHOUT_US = 10;
const init = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

/** What `address-sanitizer.ts` says to the processes. */
const inherited = Object.fromEntries(
  ['LD_PRELOAD', 'ASAN_OPTIONS', 'SENTRY_PROFILER_BINARY_PATH'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

const sink = await Sink.listen();
const start = (env: Record<string, string> = {}): Promise<SentryApp> =>
  SentryApp.start({
    dsn: sink.dsn,
    init,
    profiling: { maxOverhead: 1 },
    nodeBinary: nodeBinary(version),
    env: { COMPANY_IS: company, ...inherited, ...env },
  });

const app = await start();
await app.call('hold', 'root');
const startedMs = performance.now();
await app.call(churn, cycles, WORKERS);
const seconds = ((performance.now() - startedMs) / 1e3).toFixed(0);
console.log(`${cycles} cycles of ${WORKERS} workers on Node ${version} beside ${company}: ${seconds} s`);
console.log(JSON.stringify((await app.status()).counters));
console.log(`the process ends by process.exit(7) with ${await app.endBy({ call: 'exit', args: [7] })}`);
console.log(app.ourLines.join('\n'));

/** How so many processes end that call `process.exit(7)` while their workers are at work. */
async function endings(times: number, env: Record<string, string>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < times; i++) {
    const ending = await start(env);
    await ending.call('hold', 'root');
    await ending.call(leaveBehind, WORKERS);
    const how = await ending.endBy({ call: 'exit', args: [7] });
    counts[how] = (counts[how] ?? 0) + 1;
    if (how !== 'code 7') console.log(ending.output);
  }
  return counts;
}

console.log(`${exits} times process.exit(7) with ${WORKERS} live workers:`, await endings(exits, {}));
const without = await endings(Math.min(exits, EXITS_WITHOUT_US), { NEXT_PROFILING: 'off' });
console.log('and without us:', without);
console.log(`received ${sink.chunks.length} chunks`);
sink.close();
