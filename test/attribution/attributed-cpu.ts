import type { ProfileChunk } from '../../src/profile/types.ts';
import type { Sink } from '../sink.ts';
import { type SentSpan, sentSpans } from './sent-spans.ts';

/** What the delivered chunks say of who used the CPU. Milliseconds, but for counts of samples. */
export interface AttributedCpu {
  /** By burner and by the route of the root span that its samples were given to; '' for none. */
  readonly samplesOf: Record<string, Record<string, number>>;
  readonly cpuOf: Record<string, Record<string, number>>;
  /** By the route of the root span. */
  readonly byRoute: Record<string, number>;
  readonly busyMs: number;
  readonly unattributedMs: number;
  /** Where unattributed time was: leaf ← outermost function. Most first. */
  readonly unattributedIn: [where: string, ms: number][];
}

const BURNER = /^burn(A|B|Alone)$/;

/** Reads our chunks and the SDK's spans in the sink. `chunks` are the same with other names, if not as they came. */
export function attributedCpu(sink: Sink, chunks: readonly ProfileChunk[] = sink.chunks): AttributedCpu {
  const routes = new Map(sentSpans(sink).map((span) => [span.spanId, routeOf(span)]));
  const samplesOf: Record<string, Record<string, number>> = {};
  const cpuOf: Record<string, Record<string, number>> = {};
  const byRoute: Record<string, number> = {};
  const lost: Record<string, number> = {};
  let [busyMs, unattributedMs] = [0, 0];
  // Sentry's own profiler may have sent chunks, too.
  for (const chunk of chunks.filter(({ next_profiling }) => next_profiling !== undefined)) {
    const roots = rootsOf(chunk);
    chunk.profile.samples.forEach(({ stack_id }, index) => {
      const stack = functionsOf(chunk, stack_id);
      if (stack.length === 0) return;
      const ms = (chunk.next_profiling?.sample_cpu_us?.[index] ?? 0) / 1000;
      const root = roots[chunk.next_profiling?.sample_spans?.[index] ?? -1];
      const route = root === undefined ? '' : (routes.get(root) ?? `unknown span ${root}`);
      busyMs += ms;
      byRoute[route] = (byRoute[route] ?? 0) + ms;
      const burner = stack.find((name) => BURNER.test(name));
      if (burner !== undefined) {
        add(samplesOf, burner, route, 1);
        add(cpuOf, burner, route, ms);
      }
      if (root !== undefined) return;
      unattributedMs += ms;
      const where = `${stack[0]} ← ${stack.at(-1)}`;
      lost[where] = (lost[where] ?? 0) + ms;
    });
  }
  const unattributedIn = Object.entries(lost).sort(([, a], [, b]) => b - a);
  return { samplesOf, cpuOf, byRoute, busyMs, unattributedMs, unattributedIn };
}

/** The share of a burner's samples that its own route got. */
export function ownShare({ samplesOf }: AttributedCpu, burner: string, route: string): number {
  const byRoute = samplesOf[burner] ?? {};
  const all = Object.values(byRoute).reduce((sum, count) => sum + count, 0);
  return (byRoute[route] ?? 0) / all;
}

/** Samples of a burner that a route got which is not its own: a wrong label, as opposed to none. */
export function wrongLabels({ samplesOf }: AttributedCpu, burner: string, route: string): number {
  return Object.entries(samplesOf[burner] ?? {}).reduce(
    (sum, [name, count]) => (name === route || name === '' ? sum : sum + count),
    0,
  );
}

/** What a request asked for: its path, or the name of a root span without one. */
export function routeOf({ name, attributes }: SentSpan): string {
  const path = attributes['http.route'] ?? attributes['url.path'];
  return typeof path === 'string' ? path : name.replace(/^GET /, '');
}

/** For each span of a chunk, the id of its root. */
export function rootsOf({ next_profiling }: ProfileChunk): string[] {
  const spans = next_profiling?.spans ?? [];
  return spans.map((span) => {
    let root = span;
    for (let parent = spans[root.parent]; parent !== undefined; parent = spans[root.parent]) root = parent;
    return root.span_id;
  });
}

function functionsOf({ profile }: ProfileChunk, stackId: number): string[] {
  return (profile.stacks[stackId] ?? []).map((frame) => profile.frames[frame]?.function ?? '');
}

function add(sums: Record<string, Record<string, number>>, burner: string, route: string, value: number): void {
  const byRoute = sums[burner] ?? {};
  byRoute[route] = (byRoute[route] ?? 0) + value;
  sums[burner] = byRoute;
}
