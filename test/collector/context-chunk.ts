import type { ChunkExtension, ProfileChunk } from '../../src/profile/types.ts';
import { chunkOf } from '../profile/chunk-of.ts';

/** A span as a chunk names it. */
export interface ChunkSpan {
  trace_id: string;
  span_id: string;
  parent?: ChunkSpan;
  name?: string;
  route?: string;
}

/** `[seconds after T0, functions leaf first, the span, CPU in milliseconds]`. */
export type ContextLine = [at: number, functions: string[], span: ChunkSpan | null, cpuMs: number];

/** A chunk whose samples know their span and their CPU time. Children are listed before their parents. */
export function contextChunk(lines: readonly ContextLine[], more: Partial<ProfileChunk> = {}): ProfileChunk {
  const spans = [...new Map(lines.flatMap(([, , span]) => chainOf(span)).map((span) => [span.span_id, span])).values()];
  const indexOf = (span: ChunkSpan | null | undefined) => spans.findIndex(({ span_id }) => span_id === span?.span_id);
  return {
    ...chunkOf(lines.map(([at, functions]) => [at, functions])),
    ...more,
    next_profiling: {
      version: 1,
      sampling_interval_us: 10_101,
      end: 'duration',
      samples: lines.length,
      stall_ms: 0,
      attribution: 'context',
      spans: spans.map(({ parent, trace_id, span_id, name, route }, index) => ({
        trace_id,
        span_id,
        parent: indexOf(parent),
        thread_id: '0',
        cpu_us: lines.reduce((sum, [, , span, cpuMs]) => (indexOf(span) === index ? sum + cpuMs * 1000 : sum), 0),
        ...(name !== undefined && { name }),
        ...(route !== undefined && { route }),
      })),
      sample_spans: lines.map(([, , span]) => indexOf(span)),
      sample_cpu_us: lines.map(([, , , cpuMs]) => cpuMs * 1000),
    } satisfies ChunkExtension,
  };
}

const chainOf = (span: ChunkSpan | null | undefined): ChunkSpan[] => (span ? [span, ...chainOf(span.parent)] : []);

/** What a chunk says of a span that was also sent: its ids, and no more than `more`. */
export const inChunk = (sent: { trace_id: string; span_id: string }, more: Partial<ChunkSpan> = {}): ChunkSpan => ({
  trace_id: sent.trace_id,
  span_id: sent.span_id,
  ...more,
});
