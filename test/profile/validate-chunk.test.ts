import { describe, expect, test } from 'vitest';
import type { ProfileChunk } from '../../src/profile/types.ts';
import { type ChunkVerdict, validateChunk } from '../../src/profile/validate-chunk.ts';
import { Dice } from '../fuzz/dice.ts';
import { mutateJson } from '../fuzz/mutate-json.ts';
import { chunkOf, T0 } from './chunk-of.ts';

const BUSY = [
  [0, ['burn', 'handler']],
  [0.01, ['burn', 'handler']],
  [0.02, []],
] as Parameters<typeof chunkOf>[0];

const POINT = { timestamp: 1_795_000_000_001, value: 1 };
const SPAN = { trace_id: '1'.repeat(32), span_id: '2'.repeat(16), parent: -1, thread_id: '0', cpu_us: 5, name: 'a' };

const judge = (chunk: unknown, platform: string | undefined = 'node') => validateChunk(JSON.stringify(chunk), platform);

function accepted(verdict: ChunkVerdict): ProfileChunk {
  if (!verdict.ok) throw new Error(`refused: ${verdict.reason}: ${verdict.detail}`);
  return verdict.chunk;
}

// biome-ignore lint/suspicious/noExplicitAny: wrong values of every type are the point.
type Loose = any;

/** A valid chunk with one thing changed. */
function changed(change: (chunk: Loose) => void): Loose {
  const chunk = JSON.parse(JSON.stringify(chunkOf(BUSY)));
  change(chunk);
  return chunk;
}

describe('a chunk is as sent', () => {
  test('if nothing was changed of it', () => {
    expect(judge(chunkOf(BUSY))).toMatchObject({ ok: true, isAsSent: true });
  });

  const frame = (chunk: Loose) => chunk.profile.frames[0];
  test.each<[string, (chunk: Loose) => void]>([
    ['an id in capitals', (chunk) => Object.assign(chunk, { chunk_id: chunk.chunk_id.toUpperCase() })],
    ['a session with dashes', (chunk) => Object.assign(chunk, { profiler_id: '00000000-0000-4000-8000-00000000000A' })],
    ['a field that is null', (chunk) => Object.assign(chunk, { release: null })],
    ['a frame with an alias', (chunk) => Object.assign(frame(chunk), { line: 3 })],
    ['a null in a frame', (chunk) => Object.assign(frame(chunk), { module: null })],
    ['no thread metadata', (chunk) => delete chunk.profile.thread_metadata],
    ['metadata of no thread', (chunk) => Object.assign(chunk.profile.thread_metadata, { 99: {} })],
    ['no images', (chunk) => Object.assign(chunk, { debug_meta: {} })],
    ['samples in disorder', (chunk) => chunk.profile.samples.reverse()],
    ['a lone sample', (chunk) => chunk.profile.samples.push({ ...chunk.profile.samples[0], thread_id: '7' })],
    ['a broken clock', (chunk) => Object.assign(chunk, { measurements: { a: { unit: 'x', values: [POINT] } } })],
    ['a broken attribution', (chunk) => Object.assign(chunk, { next_profiling: { attribution: 'context' } })],
    ['an attribution of null', (chunk) => Object.assign(chunk, { next_profiling: { attribution: null } })],
    [
      'a span in capitals',
      (chunk) => Object.assign(chunk, { next_profiling: { spans: [{ ...SPAN, span_id: 'A'.repeat(16) }] } }),
    ],
    [
      'a span without a name',
      (chunk) => Object.assign(chunk, { next_profiling: { spans: [{ ...SPAN, name: null }] } }),
    ],
  ])('not with %s', (_, change) => {
    expect(judge(changed(change))).toMatchObject({ ok: true, isAsSent: false });
  });

  test('only if its text says the same, whatever is changed', () => {
    let asSent = 0;
    for (let seed = 0; seed < 3_000; seed++) {
      const dice = new Dice(seed);
      const chunk = changed((of) => Object.assign(of, { next_profiling: { spans: [SPAN], sample_spans: [0, 0, -1] } }));
      mutateJson(chunk, dice);
      const json = JSON.stringify(chunk);
      const verdict = validateChunk(json, 'node');
      if (!verdict.ok || !verdict.isAsSent) continue;
      asSent += 1;
      expect(JSON.stringify(verdict.chunk)).toBe(json);
    }
    expect(asSent).toBeGreaterThan(30);
  });
});

describe('what Relay refuses is refused for the same reason', () => {
  test.each<[string, (chunk: Loose) => void, reason: string, detail: RegExp]>([
    ['another version', (c) => (c.version = '1'), 'profiling_platform_not_supported', /version must be '2', found "1"/],
    ['no version', (c) => delete c.version, 'profiling_platform_not_supported', /version/],
    ['no chunk_id', (c) => delete c.chunk_id, 'profiling_invalid_json', /chunk_id must be a string, found missing/],
    ['a short id', (c) => (c.profiler_id = 'abc'), 'profiling_invalid_json', /profiler_id must be 32 hexadecimal/],
    ['an id that is no hex', (c) => (c.chunk_id = 'g'.repeat(32)), 'profiling_invalid_json', /chunk_id/],
    ['no platform', (c) => delete c.platform, 'profiling_invalid_json', /platform/],
    [
      'a numeric release',
      (c) => (c.release = 7),
      'profiling_invalid_json',
      /release must be a string, found the number 7/,
    ],
    ['an SDK without version', (c) => (c.client_sdk = { name: 'x' }), 'profiling_invalid_json', /client_sdk.version/],
    ['no profile', (c) => delete c.profile, 'profiling_invalid_json', /profile must be an object, found missing/],
    [
      'samples as object',
      (c) => (c.profile.samples = {}),
      'profiling_invalid_json',
      /profile.samples must be an array/,
    ],
    [
      'a null timestamp (NaN)',
      (c) => (c.profile.samples[0].timestamp = null),
      'profiling_invalid_json',
      /samples\[0\].timestamp must be a finite/,
    ],
    [
      'a text timestamp',
      (c) => (c.profile.samples[1].timestamp = '1'),
      'profiling_invalid_json',
      /samples\[1\].timestamp/,
    ],
    [
      'a numeric thread_id',
      (c) => (c.profile.samples[0].thread_id = 0),
      'profiling_invalid_json',
      /thread_id must be a string/,
    ],
    [
      'a fractional stack_id',
      (c) => (c.profile.samples[0].stack_id = 0.5),
      'profiling_invalid_json',
      /stack_id must be an index/,
    ],
    ['a negative stack_id', (c) => (c.profile.samples[0].stack_id = -1), 'profiling_invalid_json', /stack_id/],
    ['a stack that is no array', (c) => (c.profile.stacks[0] = 3), 'profiling_invalid_json', /stacks\[0\]/],
    ['a text frame index', (c) => (c.profile.stacks[0] = ['0']), 'profiling_invalid_json', /stacks\[0\]/],
    ['a frame that is null', (c) => (c.profile.frames[0] = null), 'profiling_invalid_json', /frames\[0\]/],
    ['a text lineno', (c) => (c.profile.frames[0].lineno = '3'), 'profiling_invalid_json', /lineno/],
    ['a numeric in_app', (c) => (c.profile.frames[0].in_app = 1), 'profiling_invalid_json', /in_app/],
    [
      'an unknown image type',
      (c) => (c.debug_meta = { images: [{ type: 'elf' }] }),
      'profiling_invalid_json',
      /images\[0\].type/,
    ],
    [
      'a measurement without unit',
      (c) => (c.measurements = { cpu_usage: { values: [] } }),
      'profiling_invalid_json',
      /unit/,
    ],
    [
      'one busy sample',
      (c) => c.profile.samples.splice(1, 1),
      'profiling_not_enough_samples',
      /no thread has two busy/,
    ],
    ['no samples', (c) => (c.profile.samples = []), 'profiling_not_enough_samples', /0 samples/],
    [
      'a stack_id out of range',
      (c) => (c.profile.samples[0].stack_id = 9),
      'profiling_malformed_samples',
      /stack_id 9.*3 stacks/,
    ],
    ['a frame out of range', (c) => c.profile.stacks[1].push(7), 'profiling_malformed_stacks', /stacks\[1\].*frame 7/],
    ['66.1 seconds', (c) => (c.profile.samples[2].timestamp = T0 + 66.1), 'profiling_duration_is_too_long', /66.100 s/],
  ])('%s', (_, change, reason, detail) => {
    expect(judge(changed(change))).toMatchObject({ ok: false, reason, detail: expect.stringMatching(detail) });
  });

  test.each(['', 'null', '[]', '"text"', '{"version":"2"', '{"version":"2","x":NaN}'])(
    'text that is no chunk: %s',
    (json) => {
      expect(validateChunk(json, 'node')).toMatchObject({ ok: false, reason: 'profiling_invalid_json' });
    },
  );

  test('a platform other than the item header says', () => {
    expect(judge(chunkOf(BUSY), 'python')).toMatchObject({ ok: false, reason: 'profiling_invalid_profile_type' });
  });

  test('a wrong field is found before too few samples, and too few samples before a wild index', () => {
    const few = changed((c) => {
      c.profile.samples.splice(1, 1);
      c.profile.samples[0].stack_id = 9;
    });
    expect(judge(few)).toMatchObject({ reason: 'profiling_not_enough_samples' });
    few.profile.frames[0].lineno = 'x';
    expect(judge(few)).toMatchObject({ reason: 'profiling_invalid_json' });
  });
});

describe('what Relay accepts is passed on as Relay does', () => {
  test('66 seconds, no platform in the header, no thread metadata', () => {
    const chunk = changed((c) => {
      c.profile.samples[2].timestamp = T0 + 66;
      delete c.profile.thread_metadata;
    });
    expect(accepted(validateChunk(JSON.stringify(chunk))).profile.thread_metadata).toEqual({});
  });

  test('samples are sorted by time', () => {
    const chunk = accepted(judge(changed((c) => c.profile.samples.reverse())));
    expect(chunk.profile.samples.map(({ timestamp }) => timestamp)).toEqual([T0, T0 + 0.01, T0 + 0.02]);
  });

  test('threads with fewer than two busy samples are dropped with their metadata, the others stay', () => {
    const verdict = judge(
      changed((c) => {
        c.profile.samples.push(
          { timestamp: T0, stack_id: 0, thread_id: '7' },
          { timestamp: T0 + 1, stack_id: 2, thread_id: '7' },
        );
        c.profile.thread_metadata = { '0': { name: 'main' }, '7': { name: 'lane 7' }, '8': { name: 'unused' } };
      }),
    );
    expect(verdict).toMatchObject({ ok: true, droppedSamples: 2 });
    expect(accepted(verdict).profile.thread_metadata).toEqual({ '0': { name: 'main' } });
  });

  test('ids with dashes and capitals become 32 lower-case digits', () => {
    const chunk = accepted(judge(changed((c) => (c.chunk_id = '3F2504E0-4F89-11D3-9A0C-0305E82C3301'))));
    expect(chunk.chunk_id).toBe('3f2504e04f8911d39a0c0305e82c3301');
  });

  test('frame aliases are understood, null counts as absent, unknown keys stay', () => {
    const chunk = accepted(
      judge(
        changed((c) => {
          c.profile.frames[0] = { name: 'burn', file: 'a.ts', line: 3, column: 4, module: null, extra: 1 };
          c.next_profiling = { version: 1 };
          c.release = null;
        }),
      ),
    );
    expect(chunk.profile.frames[0]).toEqual({ function: 'burn', filename: 'a.ts', lineno: 3, colno: 4, extra: 1 });
    expect(chunk).toMatchObject({ next_profiling: { version: 1 } });
    expect(chunk).not.toHaveProperty('release');
  });

  test('a thread called __proto__ is a thread like any other', () => {
    const json = JSON.stringify(chunkOf(BUSY)).replaceAll('"thread_id":"0"', '"thread_id":"__proto__"');
    expect(accepted(validateChunk(json, 'node')).profile.samples).toHaveLength(3);
  });
});

describe("the Sentry SDK's measurement timestamps", () => {
  const measured = (...timestamps: number[]) =>
    changed((c) => {
      c.measurements = {
        cpu_usage: { unit: 'percent', values: timestamps.map((timestamp) => ({ timestamp, value: 1 })) },
      };
    });
  const times = (verdict: ChunkVerdict) =>
    accepted(verdict).measurements?.cpu_usage?.values.map(({ timestamp }) => Number((timestamp - T0).toFixed(2)));

  test('milliseconds plus elapsed seconds become seconds after the first sample', () => {
    const verdict = judge(measured(T0 * 1000 + 0.1, T0 * 1000 + 0.5, T0 * 1000 + 12.25));
    expect(times(verdict)).toEqual([0.1, 0.5, 12.25]);
    expect(verdict).toMatchObject({ repairedMeasurements: 3 });
  });

  test('a profiler that started milliseconds before its first sample is not seconds off', () => {
    expect(times(judge(measured(T0 * 1000 - 5 + 0.1, T0 * 1000 - 5 + 0.6)))).toEqual([0.1, 0.6]);
  });

  test('true seconds are left alone', () => {
    const verdict = judge(measured(T0 + 0.25));
    expect(times(verdict)).toEqual([0.25]);
    expect(verdict).toMatchObject({ repairedMeasurements: 0 });
  });
});
