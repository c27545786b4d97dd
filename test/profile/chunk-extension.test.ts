import { describe, expect, test } from 'vitest';
import type { ProfileChunk } from '../../src/profile/types.ts';
import { validateChunk } from '../../src/profile/validate-chunk.ts';
import { chunkOf, newId, type SampleLine } from './chunk-of.ts';

const LINES: SampleLine[] = [
  [0, ['a']],
  [1, ['b']],
  [2, []],
];

const span = (parent: number, more: object = {}) => ({
  trace_id: newId(),
  span_id: newId().slice(0, 16),
  parent,
  thread_id: '0',
  cpu_us: 5,
  ...more,
});

const good = () => ({
  version: 1,
  attribution: 'context',
  spans: [span(1, { name: 'child' }), span(-1, { route: '/a' })],
  sample_spans: [0, 1, -1],
  sample_cpu_us: [900, 1000.5, 0],
});

/** What becomes of a chunk with this extension. */
function judge(extension: unknown, lines = LINES): { chunk: ProfileChunk; brokenAttribution?: string } {
  const chunk = { ...chunkOf(lines), next_profiling: extension };
  const verdict = validateChunk(JSON.stringify(chunk), 'node');
  if (!verdict.ok) throw new Error(`refused: ${verdict.detail}`);
  return verdict;
}

// biome-ignore lint/suspicious/noExplicitAny: wrong values of every type are the point.
type Loose = any;

describe("a chunk's attribution", () => {
  test('that fits is kept as it is', () => {
    const extension = good();
    expect(judge(extension)).not.toHaveProperty('brokenAttribution');
    expect(judge(extension).chunk.next_profiling).toEqual(extension);
  });

  test('may be CPU without spans, and null is the same as absent', () => {
    const { chunk, brokenAttribution } = judge({ version: 1, attribution: null, sample_cpu_us: [1, 2, 0] });
    expect(brokenAttribution).toBeUndefined();
    expect(chunk.next_profiling).toEqual({ version: 1, sample_cpu_us: [1, 2, 0] });
  });

  test.each<[string, (extension: Loose) => void, RegExp]>([
    ['an unknown kind', (e) => (e.attribution = 'magic'), /attribution must be 'context' or absent, found "magic"/],
    ['no spans', (e) => delete e.spans, /spans must be an array, found missing/],
    ['no sample_spans', (e) => delete e.sample_spans, /sample_spans must be an array, found missing/],
    ['too few sample_spans', (e) => e.sample_spans.pop(), /one element per sample, found 2 for 3/],
    ['too many sample_cpu_us', (e) => e.sample_cpu_us.push(0), /sample_cpu_us must have .* found 4 for 3/],
    ['an index out of range', (e) => (e.sample_spans[1] = 2), /sample_spans\[1\] must be -1 or .* 2 spans, found 2/],
    ['an index below -1', (e) => (e.sample_spans[0] = -2), /sample_spans\[0\].* found -2/],
    ['a fractional index', (e) => (e.sample_spans[0] = 0.5), /sample_spans\[0\].* found 0.5/],
    ['a text index', (e) => (e.sample_spans[0] = '0'), /sample_spans\[0\].* found a string/],
    ['negative CPU', (e) => (e.sample_cpu_us[0] = -1), /sample_cpu_us\[0\] must not be negative, found -1/],
    ['CPU that is NaN, null in JSON', (e) => (e.sample_cpu_us[0] = Number.NaN), /sample_cpu_us\[0\] must be a finite/],
    ['spans as object', (e) => (e.spans = {}), /spans must be an array/],
    ['a span that is null', (e) => (e.spans[0] = null), /spans\[0\] must be an object/],
    ['a trace_id that is no id', (e) => (e.spans[0].trace_id = 'x'), /spans\[0\].trace_id/],
    ['a span_id that is no id', (e) => (e.spans[0].span_id = 'x'), /spans\[0\].span_id/],
    ['a numeric thread_id', (e) => (e.spans[0].thread_id = 0), /spans\[0\].thread_id/],
    ['a numeric name', (e) => (e.spans[0].name = 3), /spans\[0\].name/],
    ['a parent out of range', (e) => (e.spans[0].parent = 9), /spans\[0\].parent .* found 9/],
    ['a span that is its own parent', (e) => (e.spans[1].parent = 1), /spans\[0\].parent leads in a circle/],
    ['a span twice', (e) => e.spans.push({ ...e.spans[1], parent: 0 }), /spans must name each span once/],
    ['a circle of two', (e) => (e.spans[1].parent = 0), /leads in a circle/],
  ])('with %s is dropped, the rest of the chunk is kept', (_, change, problem) => {
    const extension: Loose = { ...good(), stall_ms: 1 };
    change(extension);
    const { chunk, brokenAttribution } = judge(extension);
    expect(brokenAttribution).toMatch(problem);
    expect(chunk.next_profiling).toEqual({ version: 1, stall_ms: 1 });
    expect(chunk.profile.samples).toHaveLength(3);
  });

  test.each([5, 'text', null, [1, 2], {}, { spans: undefined }])(
    'of a foreign producer (next_profiling: %j) is no concern of ours',
    (extension) => {
      const verdict = judge(extension);
      expect(verdict).not.toHaveProperty('brokenAttribution');
      expect(verdict.chunk.next_profiling).toEqual(extension);
    },
  );

  test('may be a thousand spans deep and no deeper, in whatever order they come', () => {
    const chain = (depth: number) => Array.from({ length: depth }, (_, index) => span(index - 1));
    const downwards = (depth: number) =>
      Array.from({ length: depth }, (_, index) => span(((index + 2) % (depth + 1)) - 1));
    for (const spans of [chain(1000), downwards(1000)]) {
      expect(judge({ ...good(), spans })).not.toHaveProperty('brokenAttribution');
    }
    for (const spans of [chain(1001), downwards(1001)]) {
      expect(judge({ ...good(), spans }).brokenAttribution).toMatch(/over more than 1000 spans/);
    }
  });

  test('moves with its samples when they are sorted, and goes with those that are dropped', () => {
    const extension = {
      ...good(),
      sample_spans: [-1, 1, 0, 1],
      sample_cpu_us: [0, 20, 77, 10],
    };
    const lines: SampleLine[] = [
      [2, []],
      [1, ['b']],
      [0.5, ['lone'], '9'],
      [0, ['a']],
    ];
    const { chunk } = judge(extension, lines);
    expect(chunk.profile.samples.map(({ stack_id }) => stack_id)).toEqual([3, 1, 0]);
    expect(chunk.next_profiling).toMatchObject({ sample_spans: [1, 1, -1], sample_cpu_us: [10, 20, 0] });
  });
});
