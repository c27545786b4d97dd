/**
 * What is left of a chunk when its process ends in the middle: `node test/bench/shutdown.ts [seconds] [times]`.
 * For each way to end, so many processes that are so many seconds into a chunk, with us and without. Says how they ended,
 * how long it took, and how much of the end is missing in what was sent or spooled.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProfileChunk } from '../../src/profile/types.ts';
import { SentryApp } from '../sentry-app.ts';
import { Sink } from '../sink.ts';

const [seconds = 20, times = 20] = process.argv.slice(2).map(Number);
const init = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

const WAYS: Record<string, (app: SentryApp) => Promise<string>> = {
  'SIGTERM, exit at once': async (app) => {
    await app.call('exitOnSigterm', 143, 0);
    return app.endBy({ signal: 'SIGTERM' });
  },
  'SIGTERM, exit after 300 ms': async (app) => {
    await app.call('exitOnSigterm', 143, 300);
    return app.endBy({ signal: 'SIGTERM' });
  },
  'process.exit()': (app) => app.endBy({ call: 'exit', args: [7] }),
  'uncaught exception': (app) => app.endBy({ call: 'throwUncaught' }),
  'SIGTERM without a listener': (app) => app.endBy({ signal: 'SIGTERM' }),
  SIGKILL: (app) => app.endBy({ signal: 'SIGKILL' }),
};

interface Ending {
  how: string;
  tookMs: number;
  /** Unix milliseconds of the last work. */
  workedUntilMs: number;
}

/** @param release by which the chunks of this process are known */
async function endOne(
  end: (app: SentryApp) => Promise<string>,
  release: string,
  dsn: string,
  spoolDir: string,
  env: Record<string, string>,
): Promise<Ending> {
  const app = await SentryApp.start({ dsn, init: { ...init, release }, profiling: { spoolDir }, env });
  await app.call('hold', 'root');
  for (let i = 0; i < seconds; i++) {
    await app.call('burn', 20);
    await app.call('wait', 980);
  }
  const workedUntilMs = await app.call('burnUntil', 50);
  const beforeMs = performance.now();
  const how = await end(app);
  return { how, tookMs: performance.now() - beforeMs, workedUntilMs };
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
function count(values: string[]): string {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return Object.entries(counts)
    .map(([value, number]) => `${number} × ${value}`)
    .join(', ');
}

for (const [name, end] of Object.entries(WAYS)) {
  const sink = await Sink.listen();
  const spoolDir = mkdtempSync(join(tmpdir(), 'next-profiling-shutdown-'));
  const start = (env: Record<string, string> = {}): Promise<Ending[]> =>
    Promise.all(Array.from({ length: times }, (_, index) => endOne(end, String(index), sink.dsn, spoolDir, env)));
  const without = await start({ NEXT_PROFILING: 'off' });
  const endings = await start();
  const waiting = readdirSync(spoolDir).filter((file) => file.endsWith('.envelope')).length;
  const broken = readdirSync(spoolDir).filter((file) => !file.endsWith('.envelope'));
  const next = await SentryApp.start({ dsn: sink.dsn, init, profiling: { spoolDir } });
  for (let i = 0; i < 100 && readdirSync(spoolDir).some((file) => !broken.includes(file)); i++)
    await next.call('wait', 100);
  await next.stop();

  const copies = sink.chunks.length - new Set(sink.chunks.map(({ chunk_id }) => chunk_id)).size;
  const missing = endings.map(
    ({ workedUntilMs }, index) =>
      workedUntilMs - lastWorkMs(sink.chunks.filter(({ release }) => release === String(index))),
  );
  const took = (all: Ending[]): string => `${median(all.map(({ tookMs }) => tookMs)).toFixed(0)} ms`;
  console.log(`${name}: ${count(endings.map(({ how }) => how))}, without us ${count(without.map(({ how }) => how))}`);
  console.log(
    `  took ${took(endings)} (median; longest ${Math.max(...endings.map(({ tookMs }) => tookMs)).toFixed(0)}), without us ${took(without)}`,
  );
  console.log(
    `  ${sink.chunks.length} chunks arrived, ${copies} of them twice; ${waiting} files were spooled, ${broken.length} not whole`,
  );
  const found = missing.filter((ms) => ms < 1000);
  console.log(
    `  the last work is there ${found.length} times of ${times}; at most ${Math.max(0, ...found).toFixed(0)} ms of it are missing`,
  );
  sink.close();
  rmSync(spoolDir, { recursive: true, force: true });
}

/** Time of the last sample that shows work, Unix milliseconds. */
function lastWorkMs(chunks: ProfileChunk[]): number {
  const times = chunks.flatMap(({ profile }) =>
    profile.samples
      .filter(({ stack_id }) =>
        profile.stacks[stack_id]?.some((frame) => profile.frames[frame]?.function === 'hotFunction'),
      )
      .map(({ timestamp }) => timestamp * 1000),
  );
  return Math.max(...times);
}
