// Starts Sentry in a process without Next, with the contender's profiler. env: BENCH_CONTENDER, SENTRY_DSN,
// BENCH_LIFECYCLE; rivals are preloaded.
const contender = process.env.BENCH_CONTENDER;
const Sentry = require('@sentry/node');

const integrations = {
  'next-profiling': () => require('next-profiling').nodeProfilingIntegration(),
  'without attribution': () => require('next-profiling').nodeProfilingIntegration(),
  '@sentry/profiling-node': () => require('@sentry/profiling-node').nodeProfilingIntegration(),
};

Sentry.init({
  dsn: process.env.SENTRY_DSN,
  tracesSampleRate: 1,
  profileSessionSampleRate: 1,
  profileLifecycle: process.env.BENCH_LIFECYCLE,
  integrations: contender in integrations ? [integrations[contender]()] : [],
});

module.exports = { Sentry, profiles: contender in integrations };
