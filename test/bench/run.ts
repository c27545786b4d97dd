/**
 * Side by side with Sentry's profiler, on one workload in one run: what the end of a 60 s chunk costs the event loop,
 * and how many bytes of JSON it sends. Figures are medians; only ratios carry from one machine to another.
 * argv: rounds (3), seconds of a chunk (59).
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Sink } from '../sink.ts';

interface Figures {
  stopMs: number;
  longestDelayMs: number;
  bytes: number;
  samples: number;
  frames: number;
}

const [rounds = '3', seconds = '59'] = process.argv.slice(2);

async function measure(profiler: 'ours' | 'sentry'): Promise<Figures> {
  const sink = await Sink.listen();
  const script = join(import.meta.dirname, 'chunk-end.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, profiler, seconds, sink.dsn]);
  sink.close();
  const payload = sink.payloads('profile_chunk').at(-1) ?? '';
  const { samples, frames } = JSON.parse(payload).profile;
  return {
    ...JSON.parse(stdout.trim().split('\n').at(-1) ?? ''),
    bytes: Buffer.byteLength(payload),
    samples: samples.length,
    frames: frames.length,
  };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

const results = { ours: [] as Figures[], sentry: [] as Figures[] };
for (let round = 1; round <= Number(rounds); round++) {
  for (const profiler of round % 2 ? (['ours', 'sentry'] as const) : (['sentry', 'ours'] as const)) {
    const figures = await measure(profiler);
    results[profiler].push(figures);
    console.log(`» round ${round} of ${rounds}: ${profiler} ${JSON.stringify(figures)}`);
  }
}

console.log(`\nend of a ${seconds} s chunk, Node ${process.version}, medians of ${rounds}`);
for (const key of ['stopMs', 'longestDelayMs', 'bytes', 'frames'] as const) {
  const ours = median(results.ours.map((figures) => figures[key]));
  const sentry = median(results.sentry.map((figures) => figures[key]));
  console.log(
    `${key.padEnd(15)} ours ${ours.toFixed(2).padStart(12)}   @sentry/profiling-node 11.1.0 ${sentry.toFixed(2).padStart(12)}   ratio ${(ours / sentry).toFixed(3)}`,
  );
}
