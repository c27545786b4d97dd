import { expect, test } from 'vitest';
import { sink, untilTestEnds } from '../per-test.ts';
import { BurningApp, NODE_SDKS } from './burning-app.ts';
import { sentSpans } from './sent-spans.ts';

/** What `families` burns in each span itself, milliseconds; see `test/fixtures/span-calls.mjs`. */
const BURNED_MS: Record<string, number> = {
  'GET /family': 5,
  'first child': 6,
  grandchild: 5,
  'second child': 3,
  'third child': 3,
};
const FAMILIES = 200;

const sumOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

test.each(Object.entries(NODE_SDKS))('cpu.time_ms of 1,000 spans is the CPU in the chunks, %s', async (_name, sdk) => {
  const app = untilTestEnds(
    await BurningApp.start({ dsn: sink.dsn, sdk, profiling: { samplingIntervalMicros: 1_000, maxOverhead: 1 } }),
  );
  await app.call('families', FAMILIES, 8);
  await app.call('flush');
  const spans = sentSpans(sink);
  expect(spans).toHaveLength(5 * FAMILIES);
  const cpuMs = (name: string): number[] =>
    spans.filter((span) => span.name === name).map(({ attributes }) => Number(attributes['cpu.time_ms'] ?? 0));

  const written = sumOf(Object.keys(BURNED_MS).flatMap(cpuMs));
  const extensions = sink.chunks.map((chunk) => chunk.next_profiling);
  const ofSpans = sumOf(extensions.flatMap((extension) => extension?.spans?.map(({ cpu_us }) => cpu_us) ?? [])) / 1000;
  const ofSamples =
    sumOf(
      extensions.flatMap(
        (extension) =>
          extension?.sample_cpu_us?.filter((_, index) => (extension.sample_spans?.[index] ?? -1) >= 0) ?? [],
      ),
    ) / 1000;
  for (const [what, attributed] of Object.entries({ ofSpans, ofSamples })) {
    expect(written / attributed, what).toBeGreaterThan(0.95);
    expect(written / attributed, what).toBeLessThan(1.05);
  }

  // Two hundred times a few milliseconds, each with an error of half a millisecond: a standard error of 1 %. The spans
  // do more than burn, and slices may end late.
  for (const [name, ms] of Object.entries(BURNED_MS)) {
    const share = sumOf(cpuMs(name)) / (FAMILIES * ms);
    expect(share, `${name}, against what it burned`).toBeGreaterThan(0.9);
    expect(share, `${name}, against what it burned`).toBeLessThan(1.15);
  }
  const totals = spans.filter(({ isRoot }) => isRoot).map(({ attributes }) => Number(attributes['cpu.total_time_ms']));
  expect(sumOf(totals) / written).toBeGreaterThan(0.99);
  expect(sumOf(totals) / written).toBeLessThan(1.01);
});
