// argv[2] requests of 5 ms, each after a silence of 90 ms or so. Prints when each began and ended, Unix milliseconds.
const { Sentry } = require('./start-sentry.cjs');
const { hotFunction } = require('../../fixtures/hot-function.cjs');

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const now = () => performance.timeOrigin + performance.now();

void (async () => {
  await wait(1_000);
  const requests = [];
  for (let index = 0; index < Number(process.argv[2]); index++) {
    const span = { name: 'GET /short', op: 'http.server', forceTransaction: true };
    await Sentry.startNewTrace(() =>
      Sentry.startSpan(span, () => {
        const startMs = now();
        hotFunction(5);
        requests.push({ startMs, endMs: now() });
      }),
    );
    // Not in step with anybody's interval.
    await wait(80 + ((index * 7) % 23));
  }
  await wait(1000 * (process.env.BENCH_PERIOD_SECONDS ?? 0) + 500);
  await Sentry.flush(5_000);
  console.log(JSON.stringify(requests));
  process.exit();
})();
