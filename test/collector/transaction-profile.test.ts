import { describe, expect, test } from 'vitest';
import { newId, T0 } from '../profile/chunk-of.ts';
import { chunkItem, envelopeOf } from './envelope-of.ts';
import { openCollector } from './open-collector.ts';

const PROFILE_ID = newId();
const [TRACE_ID, SPAN_ID] = [newId(), newId().slice(0, 16)];
const MS = 1_000_000;

/** As Sentry's SDK for Python sends it: numbers as texts, no `in_app` on some frames. */
const profileOf = (more: object = {}) => ({
  version: '1',
  event_id: PROFILE_ID,
  platform: 'python',
  timestamp: new Date(T0 * 1e3).toISOString(),
  device: { architecture: 'x86_64' },
  os: { name: 'Linux', version: '6.1' },
  runtime: { name: 'CPython', version: '3.12' },
  release: 'shop@1',
  environment: 'production',
  transaction: { id: newId(), name: '/shop', trace_id: TRACE_ID, active_thread_id: '7' },
  profile: {
    samples: [0, 10, 20, 30, 40].map((at, index) => ({
      elapsed_since_start_ns: String(at * MS),
      thread_id: '7',
      stack_id: [1, 0, 0, 2, 1][index],
    })),
    stacks: [[0, 1], [], [1]],
    frames: [
      { function: 'price', filename: 'shop.py', abs_path: '/srv/shop.py', lineno: 12, in_app: true },
      { function: 'main', filename: 'main.py', lineno: 3 },
    ],
    thread_metadata: { '7': { name: 'MainThread' } },
  },
  ...more,
});

const item = (profile: unknown): [object, unknown] => [{ type: 'profile' }, profile];
const transaction: [object, unknown] = [
  { type: 'transaction' },
  {
    type: 'transaction',
    transaction: '/shop',
    start_timestamp: T0,
    timestamp: T0 + 0.05,
    release: 'shop@1',
    contexts: {
      trace: { trace_id: TRACE_ID, span_id: SPAN_ID, op: 'http.server' },
      profile: { profile_id: PROFILE_ID },
    },
  },
];

describe('a profile of one transaction', () => {
  test('is a session of its own, charged to its transaction', async () => {
    const { post, get } = await openCollector();
    expect((await post(envelopeOf(transaction, item(profileOf())))).body).not.toHaveProperty('refused');
    expect((await get(`/api/v1/sessions?session=${PROFILE_ID}`)).body.sessions).toMatchObject([
      {
        session: PROFILE_ID,
        kind: 'transaction',
        name: '/shop',
        platform: 'python',
        release: 'shop@1',
        startMs: (T0 + 0.01) * 1e3,
        threads: [{ thread: '7', name: 'MainThread', samples: 3, cpuMs: 20 }],
      },
    ]);
    expect((await get('/api/v1/routes')).body.routes).toMatchObject([
      { route: '/shop', requests: 1, cpuMs: 20, topFunction: { name: 'price', file: '/srv/shop.py', line: 12 } },
    ]);
  });

  test.each<[string, object, string]>([
    ['another version', { version: '3' }, 'profiling_platform_not_supported'],
    ['no device', { device: null }, 'profiling_invalid_json'],
    ['a number as platform', { platform: 7 }, 'profiling_invalid_json'],
    ['a time that is none', { timestamp: 'yesterday' }, 'profiling_invalid_json'],
    ['an id that is none', { event_id: '../../etc' }, 'profiling_invalid_json'],
    ['cocoa without its device', { platform: 'cocoa' }, 'profiling_invalid_profile_metadata'],
    ['no transaction', { transaction: null }, 'profiling_no_transaction_associated'],
    [
      'a transaction without name',
      { transaction: { id: '1', trace_id: '2' } },
      'profiling_invalid_transaction_metadata',
    ],
    ['no samples', { profile: { ...profileOf().profile, samples: [] } }, 'profiling_not_enough_samples'],
    [
      'a stack that is not there',
      {
        profile: {
          ...profileOf().profile,
          samples: [0, 9, 0].map((stack_id, at) => ({ elapsed_since_start_ns: at * MS, thread_id: 7, stack_id })),
        },
      },
      'profiling_malformed_samples',
    ],
    ['a frame that is not there', { profile: { ...profileOf().profile, frames: [] } }, 'profiling_malformed_stacks'],
    [
      'more than 30 s',
      {
        profile: {
          ...profileOf().profile,
          samples: [0, 31_000].map((at) => ({ elapsed_since_start_ns: at * MS, thread_id: 7, stack_id: 0 })),
        },
      },
      'profiling_duration_is_too_long',
    ],
  ])('with %s is refused as Relay does', async (_, more, reason) => {
    const { post } = await openCollector();
    const answer = await post(envelopeOf(item(profileOf(more))));
    expect([answer.status, answer.body.detail]).toEqual([400, reason]);
  });
});

test('chunks of other platforms show as sessions too', async () => {
  const { post, get } = await openCollector();
  const chunk = {
    version: '2',
    chunk_id: newId(),
    profiler_id: newId(),
    platform: 'cocoa',
    client_sdk: { name: 'sentry.cocoa', version: '9.0.0' },
    debug_meta: { images: [{ type: 'macho', debug_id: newId(), image_addr: '0x1' }] },
    profile: {
      samples: [0, 1].map((at) => ({ timestamp: T0 + at, stack_id: 0, thread_id: '259' })),
      stacks: [[0]],
      frames: [{ instruction_addr: '0x0000000102a4', function: 'tick', in_app: true }],
      thread_metadata: { '259': { name: 'main', priority: 31 } },
    },
  };
  const [, payload] = chunkItem(chunk as never);
  expect((await post(envelopeOf([{ type: 'profile_chunk', platform: 'cocoa' }, payload]))).status).toBe(200);
  expect((await get('/api/v1/sessions')).body.sessions).toMatchObject([
    { session: chunk.profiler_id, platform: 'cocoa', sdk: 'sentry.cocoa 9.0.0', kind: 'continuous' },
  ]);
  expect((await get('/api/v1/tree')).body.frames).toMatchObject({ name: ['tick'], kind: ['app'] });
});
