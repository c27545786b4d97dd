/** Chunks of as many processes and times as are wanted, made of one that was recorded. */
import type { AttributedSpan, ProfileChunk } from '../../src/profile/types.ts';
import type { StoredChunk, StoredSpan } from '../../src/store/profile-store.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';

export const CHUNK_SECONDS = 30;

export interface RecordedLoad {
  /** Half a minute of a process, its ids and times its own. */
  chunkAt(process: number, startSeconds: number): StoredChunk;
  /** Root spans of its requests. */
  requestsAt(process: number, startSeconds: number): StoredSpan[];
}

const hex = (number: number) => number.toString(16).padStart(8, '0');

/** @param share how much of the half minute has samples: less makes smaller chunks of the same shape */
export async function recordedLoad(file: string, share = 1): Promise<RecordedLoad> {
  const source = await openSqliteStore(file);
  let sample: StoredChunk | undefined;
  for await (const chunk of source.chunks({ fromMicros: 0, toMicros: 9e15 })) {
    if (chunk.chunk.profile.samples.length > (sample?.chunk.profile.samples.length ?? 0)) sample = chunk;
  }
  if (sample === undefined) throw new Error(`${file} holds no chunk; npm run demo records one`);
  const { chunk, startMicros, endMicros } = sample;
  const requests = await source.requests({ fromMicros: startMicros, toMicros: endMicros });
  await source.close();
  const first = startMicros / 1e6;
  const recordedSeconds = (endMicros - startMicros) / 1e6;
  const used = cut(
    chunk,
    share < 1 ? Math.max(20, Math.floor(chunk.profile.samples.length * share)) : Number.POSITIVE_INFINITY,
  );
  const parts = share < 1 ? 1 : Math.max(1, Math.floor(CHUNK_SECONDS / recordedSeconds));
  const named = new Set((used.next_profiling?.spans ?? []).map((span) => span.trace_id + span.span_id));
  const known = requests.filter(({ traceId, spanId }) => named.has(traceId + spanId));
  /** Of a process, a time and a part of it. */
  const idOf = (id: string, process: number, startSeconds: number, part: number) =>
    hex(process * parts + part) + hex(Math.floor(startSeconds)) + id.slice(16);

  return {
    chunkAt(process, startSeconds) {
      const all = Array.from({ length: parts }, (_, part) => part);
      const spans: AttributedSpan[] = used.next_profiling?.spans ?? [];
      const moved: ProfileChunk = {
        ...used,
        profiler_id: hex(process) + used.profiler_id.slice(8),
        chunk_id: idOf('c'.repeat(32), process, startSeconds, 0),
        profile: {
          ...used.profile,
          samples: all.flatMap((part) =>
            used.profile.samples.map((of) => ({
              ...of,
              timestamp: micros(of.timestamp - first + startSeconds + part * recordedSeconds),
            })),
          ),
        },
      };
      if (used.next_profiling !== undefined) {
        const { sample_spans = [], sample_cpu_us = [] } = used.next_profiling;
        moved.next_profiling = {
          ...used.next_profiling,
          spans: all.flatMap((part) =>
            spans.map((span) => ({
              ...span,
              trace_id: idOf(span.trace_id, process, startSeconds, part),
              parent: span.parent === -1 ? -1 : span.parent + part * spans.length,
            })),
          ),
          sample_spans: all.flatMap((part) => sample_spans.map((of) => (of === -1 ? -1 : of + part * spans.length))),
          sample_cpu_us: all.flatMap(() => sample_cpu_us),
        };
      }
      const { samples } = moved.profile;
      return {
        projectId: '1',
        startMicros: Math.round((samples[0]?.timestamp ?? 0) * 1e6),
        endMicros: Math.round((samples.at(-1)?.timestamp ?? 0) * 1e6),
        chunk: moved,
      };
    },
    requestsAt(process, startSeconds) {
      return known.map(({ urlPath, ...request }) => ({
        ...request,
        traceId: idOf(request.traceId, process, startSeconds, 0),
        startMicros: Math.round(request.startMicros - startMicros + startSeconds * 1e6),
        endMicros: Math.round(request.endMicros - startMicros + startSeconds * 1e6),
        profilerId: hex(process) + used.profiler_id.slice(8),
        parentSpanId: null,
        segmentId: request.spanId,
        isSegment: true,
        isRequest: true,
        op: 'http.server',
        attributes: { 'url.path': urlPath },
      }));
    },
  };
}

const micros = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

/** The first samples, and the stacks, frames and spans that they name. */
function cut(chunk: ProfileChunk, count: number): ProfileChunk {
  const { next_profiling: extension, profile } = chunk;
  const samples = profile.samples.slice(0, count);
  const stacks = [...new Set(samples.map(({ stack_id }) => stack_id))];
  const frames = [...new Set(stacks.flatMap((stack) => profile.stacks[stack] ?? []))];
  const kept: ProfileChunk = {
    ...chunk,
    profile: {
      ...profile,
      samples: samples.map((sample) => ({ ...sample, stack_id: stacks.indexOf(sample.stack_id) })),
      stacks: stacks.map((stack) => (profile.stacks[stack] ?? []).map((frame) => frames.indexOf(frame))),
      frames: frames.flatMap((frame) => profile.frames[frame] ?? []),
    },
  };
  if (extension === undefined || count >= profile.samples.length) return chunk;
  const spans = extension.spans ?? [];
  const rows = new Set<number>();
  for (let at of extension.sample_spans?.slice(0, count) ?? [])
    for (; at !== -1; at = spans[at]?.parent ?? -1) rows.add(at);
  const order = [...rows];
  const rowOf = (row: number) => (row === -1 ? -1 : order.indexOf(row));
  kept.next_profiling = {
    ...extension,
    spans: order.flatMap((row) => {
      const span = spans[row];
      return span === undefined ? [] : [{ ...span, parent: rowOf(span.parent) }];
    }),
    sample_spans: (extension.sample_spans ?? []).slice(0, count).map(rowOf),
    sample_cpu_us: (extension.sample_cpu_us ?? []).slice(0, count),
  };
  return kept;
}
