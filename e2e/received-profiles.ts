import { expect } from '@playwright/test';
import type { ProfileChunk } from '../src/profile/types.ts';
import { validateChunk } from '../src/profile/validate-chunk.ts';
import { Symbolicator } from '../src/symbolicate/symbolicator.ts';
import type { Sink } from '../test/sink.ts';
import { MAPS } from './build-app.ts';
import { brokenRules } from './relay-rules.ts';

/** How many samples have this function at their leaf. */
export function selfSamples({ profile }: ProfileChunk, functionName: string): number {
  return profile.samples.filter(({ stack_id }) => {
    const leaf = profile.stacks[stack_id]?.[0];
    return leaf !== undefined && profile.frames[leaf]?.function === functionName;
  }).length;
}

/**
 * Waits for chunks that show the function at work, in so many samples altogether. Names are those of the sources, from the
 * maps that the builds have kept: of the example app, or in `maps`.
 */
export async function untilSampled(sink: Sink, functionName: string, samples: number, maps = MAPS): Promise<void> {
  const symbolicator = new Symbolicator(maps);
  let [taken, seen] = [0, 0];
  for (;;) {
    for (const chunk of sink.chunks.slice(taken)) {
      taken += 1;
      seen += selfSamples(await symbolicator.resolve(chunk), functionName);
    }
    if (seen >= samples) return;
    const what = `${samples} samples of ${functionName}, after ${seen}`;
    await sink.until(({ chunks }) => chunks.length > taken, what, 30_000);
  }
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
