// Renders for argv[2] seconds and prints the longest time that the event loop came round late, milliseconds.
const { Sentry, profiles } = require('./start-sentry.cjs');
const { render } = require('../workload.cjs');

void (async () => {
  // Code that has run before is what a server runs.
  await render(3_000);
  if (profiles) Sentry.profiler.startProfiler();
  const { longestDelayMs } = await render(Number(process.argv[2]) * 1000);
  console.log(JSON.stringify({ longestDelayMs }));
  process.exit();
})();
