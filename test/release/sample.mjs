// Run where the packed package and @sentry/node are installed: an app profiles on this platform and this Node, through its
// binary (argv: `addon`) or without one (`fallback`).
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const require = createRequire(join(process.cwd(), 'app.js'));
const Sentry = require('@sentry/node');
const { nodeProfilingIntegration, profilingStatus } = require('next-profiling');

const chunks = [];
const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const bytes = Buffer.concat(parts);
    // The SDK zips what is large.
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    const payload = String(body)
      .split('\n')
      .find((line) => line.includes('"profiler_id"') && line.includes('"stacks"'));
    if (payload) chunks.push(JSON.parse(payload));
    response.end('{}');
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
Sentry.init({
  dsn: `http://public@127.0.0.1:${server.address().port}/1`,
  tracesSampleRate: 1,
  profileSessionSampleRate: 1,
  profileLifecycle: 'trace',
  integrations: [nodeProfilingIntegration()],
});

function burnCpu(milliseconds) {
  const end = performance.now() + milliseconds;
  let sum = 0;
  while (performance.now() < end) sum += Math.sqrt(sum + 1);
  return sum;
}

const busy = () => chunks.filter(({ profile }) => profile.frames.some((frame) => frame.function === 'burnCpu'));

// Two chunks: the profiler is stopped and started between them. An emulated Windows is sometimes busy with itself for one.
for (let chunk = 0; chunk < 6 && busy().length < 2; chunk++) {
  Sentry.startSpan({ name: 'GET /busy', op: 'http.server', forceTransaction: true }, () => burnCpu(500));
  await Sentry.flush(5_000);
}
const { state, reason, binding, attribution, counters } = profilingStatus();
console.log(process.platform, process.arch, process.version, { state, reason, binding, attribution, counters });
assert.equal(state === 'fallback' ? 'fallback' : 'addon', process.argv[2], reason);
assert.equal(binding !== null, process.argv[2] === 'addon');
assert.ok(counters.samples > 20, `${counters.samples} samples`);
assert.ok(busy().length >= 2, `${chunks.length} chunks, ${busy().length} of them with burnCpu`);
// Ends in the middle of a chunk.
Sentry.startInactiveSpan({ name: 'open', forceTransaction: true });
burnCpu(50);
process.exit(0);
