/**
 * How many chunks of half a minute a collector takes per second over HTTP, this client on the same machine.
 *
 * Arguments: the store (a temporary file), seconds (60), the recorded store (.cache/demo/profiles.db), `past`: chunks are of
 * the last day, so that they are summed up while others come, and not of now.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { recordedLoad } from './recorded-load.ts';

const folder = mkdtempSync(join(tmpdir(), 'next-profiling-ingest-'));
const [store = join(folder, 'profiles.db'), duration = '60', recorded = '.cache/demo/profiles.db', when = 'now'] =
  process.argv.slice(2);
const SENDERS = 16;
const VARIANTS = 24;
const line = (text: string) => process.stdout.write(`${text}\n`);

/**
 * An envelope is two gzip members, and only the first, with the chunk's id, is made for each: the client shall not measure
 * itself.
 */
const load = await recordedLoad(recorded);
const nowSeconds = Math.floor(Date.now() / 1e3) - 60;
const variants = Array.from({ length: VARIANTS }, (_, index) => {
  const { chunk_id: _id, ...rest } = load.chunkAt(
    index,
    when === 'past' ? nowSeconds - index * 3_600 : nowSeconds,
  ).chunk;
  const json = JSON.stringify(rest);
  return { end: gzipSync(json.slice(1)), bytes: json.length, samples: rest.profile.samples.length };
});
const { bytes, samples, end } = variants[0] ?? { bytes: 0, samples: 0, end: Buffer.alloc(0) };
line(
  `chunks of ${samples} samples, ${(bytes / 1e3).toFixed(0)} KB as JSON, ${(end.length / 1e3).toFixed(0)} KB sent; ${availableParallelism()} cores`,
);

function envelopeOf(number: number): Buffer {
  const id = number.toString(16).padStart(32, '0');
  const begin = `{"event_id":"${id}"}\n{"type":"profile_chunk","platform":"node"}\n{"chunk_id":"${id}",`;
  return Buffer.concat([gzipSync(begin, { level: 1 }), variants[number % VARIANTS]?.end ?? Buffer.alloc(0)]);
}

const args = ['dist/cli.js', 'collect', '--port', '0', '--store', store];
const collector = spawn(process.execPath, [...process.execArgv, ...args], { stdio: ['ignore', 'inherit', 'pipe'] });
let address = '';
for await (const text of createInterface(collector.stderr)) {
  address = /collecting at (\S+)/.exec(text)?.[1] ?? address;
  if (text.startsWith('SENTRY_DSN')) break;
}
collector.stderr.resume();

const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
const headers = { 'content-encoding': 'gzip', 'content-type': 'application/x-sentry-envelope' };

async function post(body: Buffer): Promise<number> {
  const sending = request(`${address}/api/1/envelope/?sentry_key=public`, { method: 'POST', agent, headers });
  sending.end(body);
  const [response] = await once(sending, 'response');
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

const memoryMb = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${collector.pid}/status`, 'utf8'))?.[1] ?? 0) / 1e3;
const latencies: number[] = [];
const statuses: Record<number, number> = {};
let sent = 0;
let peakMb = 0;
const startMs = performance.now();
const endMs = startMs + Number(duration) * 1e3;
let [shownMs, shown] = [startMs, 0];
const watch = setInterval(() => {
  peakMb = Math.max(peakMb, memoryMb());
  if (performance.now() - shownMs < 10_000) return;
  const rate = ((latencies.length - shown) / (performance.now() - shownMs)) * 1e3;
  line(
    `  ${((performance.now() - startMs) / 1e3).toFixed(0)} s: ${rate.toFixed(0)} chunks/s, ${memoryMb().toFixed(0)} MB`,
  );
  [shownMs, shown] = [performance.now(), latencies.length];
}, 250);
await Promise.all(
  Array.from({ length: SENDERS }, async () => {
    while (performance.now() < endMs) {
      const body = envelopeOf(sent++);
      const beforeMs = performance.now();
      const status = await post(body);
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies.push(performance.now() - beforeMs);
    }
  }),
);
const seconds = (performance.now() - startMs) / 1e3;
clearInterval(watch);
latencies.sort((a, b) => a - b);
const at = (share: number) => (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(0);
const status = (await (await fetch(`${address}/api/v1/status`)).json()) as { store: { chunks: number } };
line(
  `${((statuses[200] ?? 0) / seconds).toFixed(0)} chunks/s over ${seconds.toFixed(0)} s, answers ${JSON.stringify(statuses)}`,
);
line(
  `latency p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; memory at most ${peakMb.toFixed(0)} MB; stored ${status.store.chunks}`,
);
agent.destroy();
collector.kill('SIGTERM');
await once(collector, 'exit');
rmSync(folder, { recursive: true, force: true });
