import { expect, test } from 'vitest';
import { brokenRules } from '../../e2e/relay-rules.ts';
import { sampleWeights } from '../../src/profile/sample-weights.ts';
import type { ProfileChunk } from '../../src/profile/types.ts';
import { validateChunk } from '../../src/profile/validate-chunk.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { BurningApp, NODE_SDKS } from './burning-app.ts';
import { type SentSpan, sentSpans } from './sent-spans.ts';
import { shownBySentry } from './sentry-reading.ts';

async function loaded(sdk: string, profiling: Record<string, unknown>): Promise<void> {
  const app = untilTestEnds(await BurningApp.start({ dsn: sink.dsn, sdk, profiling }));
  await app.load(4, 12);
  await app.call('flush');
}

/** Two root spans of one lane that were alive at the same time. */
function sharedLanes(roots: SentSpan[]): [SentSpan, SentSpan][] {
  const shared: [SentSpan, SentSpan][] = [];
  const last = new Map<unknown, SentSpan>();
  for (const root of roots.toSorted((one, other) => one.start - other.start)) {
    const lane = root.attributes['thread.id'];
    const before = last.get(lane);
    if (before !== undefined && before.end > root.start) shared.push([before, root]);
    last.set(lane, root);
  }
  return shared;
}

/** Busy samples whose weight, as Sentry counts it, reaches into time that another sample has. */
function overlaps({ profile: { samples, stacks } }: ProfileChunk): number {
  const weights = sampleWeights(samples);
  let [count, busyUntil] = [0, 0];
  samples.forEach(({ timestamp, stack_id }, index) => {
    if (stacks[stack_id]?.length === 0) return;
    // Doubles hold Unix seconds to a quarter of a microsecond.
    if (timestamp < busyUntil - 2e-6) count++;
    busyUntil = timestamp + (weights[index] ?? 0) / 1e6;
  });
  return count;
}

test.each(Object.entries(NODE_SDKS))('requests in flight together have lanes of their own, %s', async (_name, sdk) => {
  await loaded(sdk, { samplingIntervalMicros: 2_000, chunkDurationMs: 1_000, maxOverhead: 1 });
  const roots = sentSpans(sink).filter(({ isRoot }) => isRoot);
  expect(roots.length).toBeGreaterThanOrEqual(12);
  expect(sharedLanes(roots)).toEqual([]);
  const lanes = new Set(roots.map(({ attributes }) => attributes['thread.id']));
  expect(lanes.size).toBeGreaterThanOrEqual(12);
  for (const { attributes } of sentSpans(sink)) {
    expect(attributes['thread.id']).toMatch(/^\d+$/);
    expect(attributes['thread.name']).toMatch(/^main · lane \d+$/);
  }

  expect(sink.chunks.length).toBeGreaterThan(1);
  for (const { header, payload } of sink.items.filter((item) => item.header.type === 'profile_chunk')) {
    const chunk: ProfileChunk = JSON.parse(payload);
    expect(brokenRules(header, chunk)).toEqual([]);
    expect(validateChunk(payload, 'node')).toMatchObject({ ok: true, droppedSamples: 0 });
    expect(validateChunk(payload, 'node')).not.toHaveProperty('brokenAttribution');
    expect(overlaps(chunk)).toBe(0);
    for (const [id, { name }] of Object.entries(chunk.profile.thread_metadata)) {
      expect(name).toBe(id === '0' ? 'main' : `main · lane ${Number(id) - 1000}`);
    }
    const last = new Map(chunk.profile.samples.map(({ thread_id, stack_id }) => [thread_id, stack_id]));
    for (const stack of last.values()) expect(chunk.profile.stacks[stack]).toEqual([]);
  }
});

test('without lanes everything is sent under one thread, and samples still know their span', async () => {
  await loaded(NODE_SDKS['Sentry 11.1.0'], { lanes: false });
  const threads = sink.chunks.flatMap((chunk) => chunk.profile.samples.map(({ thread_id }) => thread_id));
  expect(new Set(threads)).toEqual(new Set(['0']));
  expect(new Set(sentSpans(sink).map(({ attributes }) => attributes['thread.id']))).toEqual(new Set(['0']));
  expect(sink.chunks[0]?.next_profiling?.sample_spans?.some((span) => span >= 0)).toBe(true);
});

test('Sentry shows a request that waits without the request that burns beside it', async () => {
  const app = untilTestEnds(await BurningApp.start({ dsn: sink.dsn }));
  await app.call('hotAndWaiting', 2_000);
  await app.call('flush');
  const shown = Object.fromEntries(
    ['GET /hot', 'GET /waiting'].map((name) => {
      const span = sentSpans(sink).find((sent) => sent.name === name);
      if (span === undefined) throw new Error(`${name} was not sent`);
      return [name, shownBySentry(sink, span, 'burnAlone')];
    }),
  );
  expect(shown['GET /hot']).toBeGreaterThan(1_200);
  expect((shown['GET /waiting'] ?? 0) / (shown['GET /hot'] ?? 0)).toBeLessThan(0.02);
});
