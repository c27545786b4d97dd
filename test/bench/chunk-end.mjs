// One process, one profiler, one chunk: prints what its end cost the main thread. argv: ours | sentry, seconds, DSN.
import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';

const require = createRequire(import.meta.url);
const Sentry = require('@sentry/node');
const { render } = require('./workload.cjs');
const [profiler, seconds, dsn] = process.argv.slice(2);

const integration =
  profiler === 'ours'
    ? (await import('next-profiling')).nodeProfilingIntegration({ chunkDurationMs: 60_000 })
    : require('@sentry/profiling-node').nodeProfilingIntegration();
Sentry.init({ dsn, profileSessionSampleRate: 1, tracesSampleRate: 1, integrations: [integration] });

// Code that has run before is what a server runs: a first chunk compiles it.
Sentry.profiler.startProfiler();
await render(3_000);
Sentry.profiler.stopProfiler();
await Sentry.flush();

Sentry.profiler.startProfiler();
await render(Number(seconds) * 1000);

// The longest time that the loop did not come round while the chunk was finished, encoded and handed over.
await wait(500);
let longestDelayMs = 0;
let roundMs = performance.now();
const watch = setInterval(() => {
  const nowMs = performance.now();
  longestDelayMs = Math.max(longestDelayMs, nowMs - roundMs);
  roundMs = nowMs;
}, 1);
await wait(20);
longestDelayMs = 0;
const before = performance.now();
Sentry.profiler.stopProfiler();
const stopMs = performance.now() - before;
await wait(1_500);
clearInterval(watch);
await Sentry.flush();

console.log(JSON.stringify({ stopMs, longestDelayMs }));
process.exit();
