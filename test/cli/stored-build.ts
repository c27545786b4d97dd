import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { type ContextLine, contextChunk, inChunk } from '../collector/context-chunk.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem } from '../collector/envelope-of.ts';
import { openCollector } from '../collector/open-collector.ts';
import { randomFrom } from '../collector/random-profile.ts';
import { newId } from '../profile/chunk-of.ts';

/** What one build did in one run: milliseconds of CPU per request, by route and function, each spread by a fifth. */
export interface StoredBuild {
  release?: string;
  routes: Record<string, Record<string, number>>;
  /** Requests of each route, one a second. */
  requests?: number;
  /** Seconds after the beginning of time, as tests count it. */
  from?: number;
  seed?: number;
  /** Milliseconds of CPU from one sample to the next: a function is seen so long, or not at all. Everything is seen if nothing is said. */
  sampledEvery?: number;
  /** How far from what it should take everything is in this run, as a share. */
  luck?: number;
  fileOf?: (name: string) => string;
}

/** Sends runs of builds to a collector that keeps them in `file`. */
export async function storeBuilds(file: string, ...builds: StoredBuild[]): Promise<void> {
  const collector = await openCollector({ store: await openSqliteStore(file) });
  for (const build of builds) {
    const { status, body } = await collector.post(envelopeOf(...itemsOf(build)));
    if (status !== 200 || body.refused !== undefined) throw new Error(JSON.stringify(body));
  }
}

function itemsOf({ release, routes, requests = 100, from = 0, seed = 1, luck = 0, sampledEvery, fileOf }: StoredBuild) {
  const random = randomFrom(seed);
  const profiler_id = newId();
  const attributes = { 'sentry.profiler_id': profiler_id, ...(release !== undefined && { 'sentry.release': release }) };
  const spans: ReturnType<typeof requestSpan>[] = [];
  const chunks = [];
  for (let first = 0; first < requests; first += 25) {
    const lines: ContextLine[] = [];
    for (let at = from + first; at < from + Math.min(requests, first + 25); at++) {
      for (const [route, functions] of Object.entries(routes)) {
        const span = requestSpan(route, at, at + 0.9, attributes);
        spans.push(span);
        for (const [name, ms] of Object.entries(functions)) {
          const spread = (1 + luck) * (0.8 + 0.4 * random());
          const seen = sampledEvery ? Math.floor((ms * spread) / sampledEvery + random()) * sampledEvery : ms * spread;
          if (seen > 0) lines.push([at + 0.1 + lines.length / 1e6, [name, 'main'], inChunk(span), seen]);
        }
      }
    }
    const chunk = contextChunk(lines, { profiler_id, ...(release !== undefined && { release }) });
    for (const frame of chunk.profile.frames) {
      const path = fileOf?.(frame.function ?? '');
      if (path !== undefined) Object.assign(frame, { abs_path: path, filename: path });
    }
    chunks.push(chunkItem(chunk));
  }
  return [...chunks, spanItem(...spans)];
}
