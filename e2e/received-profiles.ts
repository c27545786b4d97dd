import { expect } from '@playwright/test';
import type { ProfileChunk } from '../src/profile/types.ts';
import { validateChunk } from '../src/profile/validate-chunk.ts';
import { Symbolicator } from '../src/symbolicate/symbolicator.ts';
import { rootsOf, routeOf } from '../test/attribution/attributed-cpu.ts';
import { sentSpans } from '../test/attribution/sent-spans.ts';
import type { Sink } from '../test/sink.ts';
import { MAPS } from './build-app.ts';
import { brokenRules } from './relay-rules.ts';

/** How many samples have this function at their leaf. */
export function selfSamples(chunk: ProfileChunk, functionName: string): number {
  return chunk.profile.samples.filter((_, index) => leafOf(chunk, index) === functionName).length;
}

/** The CPU time of the samples that have this function at their leaf. */
export function selfCpuMs(chunk: ProfileChunk, functionName: string): number {
  const cpu = chunk.next_profiling?.sample_cpu_us ?? [];
  return cpu.reduce((sum, us, index) => (leafOf(chunk, index) === functionName ? sum + us / 1000 : sum), 0);
}

function leafOf({ profile }: ProfileChunk, sample: number): string | undefined {
  const leaf = profile.stacks[profile.samples[sample]?.stack_id ?? -1]?.[0];
  return leaf === undefined ? undefined : profile.frames[leaf]?.function;
}

/** By route, how many samples have this function at their leaf. Under '' those that know no request. */
function selfSamplesByRoute(chunks: ProfileChunk[], sink: Sink, functionName: string): Record<string, number> {
  const routes = new Map(sentSpans(sink).map((span) => [span.spanId, routeOf(span)]));
  const counts: Record<string, number> = {};
  for (const chunk of chunks) {
    const roots = rootsOf(chunk);
    chunk.profile.samples.forEach((_, index) => {
      if (leafOf(chunk, index) !== functionName) return;
      const root = roots[chunk.next_profiling?.sample_spans?.[index] ?? -1];
      const route = root === undefined ? '' : (routes.get(root) ?? '');
      counts[route] = (counts[route] ?? 0) + 1;
    });
  }
  return counts;
}

/** The chunks in the sink, with the names of the sources, from the maps that the builds of the example app have kept. */
export function readableChunks(sink: Sink): Promise<ProfileChunk[]> {
  const symbolicator = new Symbolicator(MAPS);
  return Promise.all(sink.chunks.map((chunk) => symbolicator.resolve(chunk)));
}

/** Waits for more to arrive until something is seen in all that there is, and returns it. */
async function seenIn<T>(sink: Sink, what: string, look: (chunks: ProfileChunk[]) => T, enough: (seen: T) => boolean) {
  for (;;) {
    const arrived = sink.items.length;
    const seen = look(await readableChunks(sink));
    if (enough(seen)) return seen;
    const soFar = `${what}, after ${JSON.stringify(seen)}`;
    await sink.until(({ items }) => items.length > arrived, soFar, 30_000);
  }
}

/** Waits for chunks and spans that show the function at work in so many samples for this route, and for no other. */
export async function untilSampledOn(sink: Sink, functionName: string, route: string, samples: number): Promise<void> {
  const seen = await seenIn(
    sink,
    `${samples} samples of ${functionName} on ${route}`,
    (chunks) => selfSamplesByRoute(chunks, sink, functionName),
    (counts) => (counts[route] ?? 0) >= samples,
  );
  expect(Object.keys(seen)).toEqual([route]);
}

/** Waits for chunks that show the function at work, in so many samples altogether. */
export async function untilSampled(sink: Sink, functionName: string, samples: number): Promise<void> {
  await seenIn(
    sink,
    `${samples} samples of ${functionName}`,
    (chunks) => chunks.reduce((sum, chunk) => sum + selfSamples(chunk, functionName), 0),
    (count) => count >= samples,
  );
}

/** Every chunk that arrived is one that Sentry takes: by the rules as read here, and by the collector's own check. */
export function expectOnlyAcceptableChunks(sink: Sink): void {
  const chunks = sink.items.filter(({ header }) => header.type === 'profile_chunk');
  expect(chunks.length).toBeGreaterThan(0);
  for (const { header, payload } of chunks) {
    expect(brokenRules(header, JSON.parse(payload))).toEqual([]);
    expect(validateChunk(payload, String(header.platform))).toMatchObject({ ok: true, droppedSamples: 0 });
  }
}

/** The names of the request spans that Sentry's own SDK sent: streamed by version 11, as transactions by version 10. */
export function requestSpans(sink: Sink): string[] {
  const streamed = sink
    .payloads('span')
    .flatMap((payload) => JSON.parse(payload).items ?? [])
    .filter((span: { is_segment?: boolean }) => span.is_segment)
    .map((span: { name: string }) => span.name);
  const transactions = sink.payloads('transaction').map((payload) => JSON.parse(payload).transaction as string);
  return [...streamed, ...transactions];
}
