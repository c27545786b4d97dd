import { expect } from '@playwright/test';
import type { ProfileChunk } from '../src/profile/types.ts';
import { validateChunk } from '../src/profile/validate-chunk.ts';
import { rootsOf, routeOf } from '../test/attribution/attributed-cpu.ts';
import { sentSpans } from '../test/attribution/sent-spans.ts';
import type { Sink } from '../test/sink.ts';
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
function selfSamplesByRoute(sink: Sink, functionName: string): Record<string, number> {
  const routes = new Map(sentSpans(sink).map((span) => [span.spanId, routeOf(span)]));
  const counts: Record<string, number> = {};
  for (const chunk of sink.chunks) {
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

/** Waits for chunks and spans that show the function at work in so many samples for this route, and for no other. */
export async function untilSampledOn(sink: Sink, functionName: string, route: string, samples: number): Promise<void> {
  const seen = (): Record<string, number> => selfSamplesByRoute(sink, functionName);
  const enough = (): boolean => (seen()[route] ?? 0) >= samples;
  await sink
    .until(enough, `${samples} samples of ${functionName} on ${route}`, 30_000)
    .catch((error) => expect(seen(), error.message).toEqual({ [route]: samples }));
  expect(Object.keys(seen())).toEqual([route]);
}

/** Waits for chunks that show the function at work, in so many samples altogether. */
export function untilSampled(sink: Sink, functionName: string, samples: number): Promise<void> {
  const seen = (): number => sink.chunks.reduce((sum, chunk) => sum + selfSamples(chunk, functionName), 0);
  return sink.until(() => seen() >= samples, `${samples} samples of ${functionName}`, 30_000);
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
