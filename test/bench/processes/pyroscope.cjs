// Preloaded: Pyroscope's profiler of CPU and wall time. env: BENCH_RIVAL = where it is installed, BENCH_RECEIVER.
const { createRequire } = require('node:module');

const { default: Pyroscope } = createRequire(`${process.env.BENCH_RIVAL}/`)('@pyroscope/nodejs');
Pyroscope.init({
  appName: 'bench',
  serverAddress: process.env.BENCH_RECEIVER,
  wall: { collectCpuTime: true },
  ...(process.env.BENCH_PERIOD_SECONDS && { flushIntervalMs: 1000 * process.env.BENCH_PERIOD_SECONDS }),
});
Pyroscope.startWallProfiling();
