/**
 * What a store holds, and how fast it answers.
 *
 *   node test/bench/store.ts days [STORE] [EVERY]   an hour, a day and a week of 100 processes, of which each sends a chunk
 *                                                   every EVERY minutes (30); with rollups, and from chunks
 *   node test/bench/store.ts million [STORE] [N]    N chunks (1,000,000) of one small body: bytes and memory of each, and what it
 *                                                   takes to delete half
 *
 * A STORE is what `--store` takes; default: a temporary file. Chunks are what `npm run demo` recorded, cut to a tenth, so
 * that there can be many.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queryRoutes } from '../../src/collector/query.ts';
import { queryTree } from '../../src/collector/query-tree.ts';
import { rollUpSettled } from '../../src/collector/roll-up-settled.ts';
import { isServer, openStore } from '../../src/store/open-store.ts';
import { packChunk } from '../../src/store/packed-chunk.ts';
import type { PackedChunk, ProfileStore } from '../../src/store/profile-store.ts';
import { DEFAULT_RETENTION } from '../../src/store/retention.ts';
import { recordedLoad } from './recorded-load.ts';

const RECORDED = '.cache/demo/profiles.db';
const PROCESSES = 100;
const WEEK_SECONDS = 7 * 86_400;

const folder = mkdtempSync(join(tmpdir(), 'next-profiling-store-'));
const [task = 'days', address = join(folder, 'profiles.db'), amount] = process.argv.slice(2);
const line = (text: string) => process.stdout.write(`${text}\n`);

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const beforeMs = performance.now();
  const result = await work();
  line(`${name}: ${((performance.now() - beforeMs) / 1e3).toFixed(1)} s`);
  return result;
}

const store = await openStore(address);
try {
  await (task === 'million' ? million(store, Number(amount ?? 1e6)) : days(store, Number(amount ?? 30)));
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

async function days(into: ProfileStore, everyMinutes: number): Promise<void> {
  const load = await recordedLoad(RECORDED, 0.1);
  // Ends in the middle of everything: of five minutes, an hour and a day.
  const end = Math.floor(Date.now() / 86_400e3) * 86_400 - 86_400 + 14 * 3_600 + 1_337;
  const rounds = Math.floor(WEEK_SECONDS / (everyMinutes * 60));
  if ((await into.status()).chunks === 0) {
    await timed(`${rounds * PROCESSES} chunks stored`, async () => {
      for (let round = 0; round < rounds; round++) {
        const chunks: PackedChunk[] = [];
        const spans = [];
        for (let process = 0; process < PROCESSES; process++) {
          // One after another, so that every five minutes has some.
          const at = end - WEEK_SECONDS + (round + process / PROCESSES) * everyMinutes * 60;
          chunks.push(packChunk(load.chunkAt(process, at)));
          spans.push(...load.requestsAt(process, at));
        }
        await into.write({ chunks, spans });
      }
    });
  }
  const ranges = { 'an hour': 3_600, 'a day': 86_400, 'a week': WEEK_SECONDS };
  const open = async (title: string, rangesToOpen: string[]) => {
    line(title);
    for (const [name, seconds] of Object.entries(ranges).filter(([of]) => rangesToOpen.includes(of))) {
      const range = { fromMs: (end - seconds) * 1e3, toMs: end * 1e3 };
      const routes = await median(() => queryRoutes(into, range));
      const route = routes.result.routes[0]?.route ?? null;
      const tree = await median(() => queryTree(into, route, range));
      line(
        `  ${name}: routes ${routes.ms.toFixed(0)} ms (${routes.result.requests} requests), flame graph of ${route} ` +
          `${tree.ms.toFixed(0)} ms (${tree.result?.nodes.parent.length} nodes)`,
      );
    }
  };
  if ((await into.rollups.stale(9e15, 1)).length > 0) {
    await open('from chunks', ['an hour', 'a day']);
    await timed('summed up', () => rollUpSettled(into, 9e15));
  }
  await open('from rollups', Object.keys(ranges));
  const { chunks, spans } = await into.status();
  const size = isServer(address) ? '' : `, ${(statSync(address).size / 1e6).toFixed(0)} MB`;
  line(`${chunks} chunks, ${spans} spans${size}`);
}

async function median<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const runs: { ms: number; result: T }[] = [];
  for (let run = 0; run < 5 && (run < 1 || (runs[0]?.ms ?? 0) < 10_000); run++) {
    const beforeMs = performance.now();
    const result = await work();
    runs.push({ ms: performance.now() - beforeMs, result });
  }
  runs.sort((a, b) => a.ms - b.ms);
  return runs[Math.floor(runs.length / 2)] as { ms: number; result: T };
}

async function million(into: ProfileStore, count: number): Promise<void> {
  const load = await recordedLoad(RECORDED, 0.01);
  const sample = packChunk(load.chunkAt(0, 0));
  const bodyBytes = sample.body.byteLength;
  const memoryMb = () => process.memoryUsage.rss() / 1e6;
  const start = Math.floor(Date.now() / 1e3) - 30 * 86_400;
  await timed(`${count} chunks stored`, async () => {
    for (let from = 0; from < count; from += 1_000) {
      const chunks = Array.from({ length: Math.min(1_000, count - from) }, (_, index): PackedChunk => {
        const number = from + index;
        const startMicros = (start + Math.floor(number / PROCESSES) * 30) * 1e6;
        const hex = (of: number) => of.toString(16).padStart(32, '0');
        return {
          ...sample,
          chunkId: hex(number),
          profilerId: hex(number % PROCESSES),
          startMicros,
          endMicros: startMicros + 30e6,
        };
      });
      await into.write({ chunks, spans: [] });
    }
  });
  const bytes = isServer(address) ? 0 : statSync(address).size;
  line(`body ${bodyBytes} bytes; beside it ${(bytes / count - bodyBytes).toFixed(0)} bytes of a chunk on disk`);
  line(`memory ${memoryMb().toFixed(0)} MB`);
  const sessions = await timed('sessions of an hour', () =>
    into.sessions({ fromMicros: (start + 3_600) * 1e6, toMicros: (start + 7_200) * 1e6 }),
  );
  line(`${sessions.length} sessions; memory ${memoryMb().toFixed(0)} MB`);
  await timed('status', () => into.status());
  if (isServer(address)) return;
  const half = { ...DEFAULT_RETENTION, mostBytes: bytes / 2 };
  const deleted = await timed('half deleted', () => into.retain(half, () => false));
  line(
    `${deleted.chunks} chunks deleted, ${(deleted.bytes / 1e6).toFixed(0)} MB given back, memory ${memoryMb().toFixed(0)} MB`,
  );
  line(`file ${(statSync(address).size / 1e6).toFixed(0)} MB of ${(bytes / 1e6).toFixed(0)} MB`);
}
