// Preloaded: dd-trace's profiler of CPU and wall time, without its tracer. env: BENCH_RIVAL = where it is installed.
const { createRequire } = require('node:module');

createRequire(`${process.env.BENCH_RIVAL}/`)('dd-trace').init({ profiling: true, startupLogs: false });
