// One process that profiles after it has worked for two seconds: prints what Sentry.init() took at boot, and what the first
// two starts of a session took then, in milliseconds.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const Sentry = require('@sentry/node');
const { nodeProfilingIntegration, profilingStatus } = await import('next-profiling');
const { render } = require('./workload.cjs');

const took = (run) => {
  const before = performance.now();
  run();
  return performance.now() - before;
};
// Nothing listens there.
const options = { dsn: 'http://public@127.0.0.1:9/1', profileSessionSampleRate: 1, tracesSampleRate: 1 };
const initMs = took(() => Sentry.init({ ...options, integrations: [nodeProfilingIntegration()] }));
await render(2_000);
const startMs = took(() => Sentry.profiler.startProfiler());
await render(500);
const stopMs = took(() => Sentry.profiler.stopProfiler());
await render(100);
const secondStartMs = took(() => Sentry.profiler.startProfiler());
console.log(JSON.stringify({ state: profilingStatus().state, initMs, startMs, stopMs, secondStartMs }));
process.exit();
