// Runs the placed functions for half a second each, within one request.
const { Sentry } = require('./start-sentry.cjs');
const placed = require('./placed-functions.cjs');

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// Called from lines far away from those where they are.

async function runEach() {
  for (const run of Object.values(placed)) {
    run(500);
    await wait(1);
  }
}

void (async () => {
  await wait(500);
  await Sentry.startSpan({ name: 'GET /lines', op: 'http.server', forceTransaction: true }, runEach);
  await wait(1000 * (process.env.BENCH_PERIOD_SECONDS ?? 0) + 500);
  await Sentry.flush(5_000);
  process.exit();
})();
