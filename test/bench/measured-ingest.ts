import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rollUp } from '../../src/collector/roll-up.ts';
import { openSqlite } from '../../src/store/open-sqlite.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import type { FleetEnvelopes, IngestFigures } from './fleet-envelopes.ts';
import { cli } from './profiled-example.ts';

/** Linux counts CPU time of a process in hundredths of a second. */
const TICK_MS = 10;

/** Brings envelopes to a real collector, spans and chunks apart, and says what they cost. Linux only. */
export async function measureIngest({ chunks, spans, spanCount }: FleetEnvelopes): Promise<IngestFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'next-profiling-capacity-'));
  const file = join(folder, 'profiles.db');
  try {
    const collector = await startCollector(file);
    // What is compiled on the way is no cost of a day.
    await collector.take(chunks.slice(0, 4));
    await collector.take(spans.slice(0, 2));
    const empty = await sizeOf(file);
    const chunkMs = await collector.take(chunks.slice(4));
    const withChunks = await sizeOf(file);
    const spanMs = await collector.take(spans.slice(2));
    const withSpans = await sizeOf(file);
    await collector.stop();
    const rolled = await measureRollups(file);
    const ofChunks = chunks.length - 4;
    const ofSpans = (spanCount * (spans.length - 2)) / spans.length;
    return {
      storedBytesPerChunk: (withChunks - empty) / ofChunks + ((await sizeOf(file)) - withSpans) / chunks.length,
      storedBytesPerSpan: (withSpans - withChunks) / ofSpans,
      ingestMsPerChunk: chunkMs / ofChunks,
      ingestMsPerSpan: spanMs / ofSpans,
      rollupMsPerChunk: rolled / chunks.length,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of CPU that summing everything up takes. */
async function measureRollups(file: string): Promise<number> {
  const store = await openSqliteStore(file);
  const before = process.cpuUsage();
  for (const start of await store.rollups.stale(9e15, 1e6)) await rollUp(store, start);
  const { user, system } = process.cpuUsage(before);
  await store.close();
  return (user + system) / 1e3;
}

async function sizeOf(file: string): Promise<number> {
  const database = await openSqlite(file);
  const read = (sql: string) => Number(Object.values(database.prepare(sql).get() ?? {})[0]);
  const size = (read('PRAGMA page_count') - read('PRAGMA freelist_count')) * read('PRAGMA page_size');
  database.close();
  return size;
}

async function startCollector(file: string) {
  const [program, args] = cli('collect', '--port', '0', '--store', file);
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const dsn = new URL(await printed(child, /SENTRY_DSN=(\S+)/));
  const url = `${dsn.origin}/api/1/envelope/?sentry_key=${dsn.username}`;
  return {
    /** Sends these, a few at a time; milliseconds of CPU that the collector used. */
    async take(bodies: readonly Uint8Array[]): Promise<number> {
      const before = cpuMsOf(child);
      const left = [...bodies];
      const sender = async () => {
        for (let body = left.pop(); body !== undefined; body = left.pop()) {
          const answer = await fetch(url, {
            method: 'POST',
            body: body as BodyInit,
            headers: { 'content-encoding': 'gzip' },
          });
          const text = await answer.text();
          if (answer.status !== 200 || text.includes('refused'))
            throw new Error(`the collector said ${answer.status}: ${text.slice(0, 500)}`);
        }
      };
      await Promise.all([sender(), sender()]);
      return cpuMsOf(child) - before;
    },
    async stop(): Promise<void> {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  for (;;) {
    const [part] = await Promise.race([once(child.stderr as NodeJS.ReadableStream, 'data'), once(child, 'exit')]);
    text += part;
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
    if (child.exitCode !== null) throw new Error(`the collector ended: ${text}`);
  }
}

/** All threads, user and system. */
function cpuMsOf({ pid }: ChildProcess): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) * TICK_MS;
}
