import { expect, test } from 'vitest';
import { sink, untilTestEnds } from '../per-test.ts';
import { attributedCpu, ownShare } from './attributed-cpu.ts';
import { BurningApp, NODE_SDKS } from './burning-app.ts';
import { sentSpans } from './sent-spans.ts';

const profiling = { samplingIntervalMicros: 1_000, idleTimeoutMs: 50, maxOverhead: 1 };

test.each(Object.entries(NODE_SDKS))(
  'what is done for a request before its root span starts is charged to that span, %s',
  async (_name, sdk) => {
    const app = untilTestEnds(await BurningApp.start({ dsn: sink.dsn, sdk, profiling, company: 'early-work.mjs' }));
    await app.load(20, 12);
    await app.call('flush');
    const cpu = attributedCpu(sink);
    const routes = Object.keys(cpu.samplesOf.burnAlone ?? {});
    const share = ['/a', '/b', '/c', '/self'].reduce((sum, route) => sum + ownShare(cpu, 'burnAlone', route), 0);
    expect(share, JSON.stringify(cpu.samplesOf)).toBeGreaterThan(0.95);
    expect(routes).toContain('/self');
    // A request that only waits has no other work than this.
    const waiting = sentSpans(sink).filter((span) => span.isRoot && span.attributes['url.path'] === '/c');
    const charged = waiting.map(({ attributes }) => Number(attributes['cpu.time_ms'] ?? 0));
    expect(charged.reduce((sum, ms) => sum + ms, 0) / charged.length).toBeGreaterThan(4);
    // Its samples before it had a lane are on the thread, and none of them twice.
    expect((await app.status()).attribution).toMatchObject({ lanesInUse: 0, slotsInUse: 0 });
  },
);

test('requests that no span is started for own no slot', async () => {
  const app = untilTestEnds(await BurningApp.start({ dsn: sink.dsn, profiling, init: { tracesSampleRate: 0 } }));
  await app.load(5, 32);
  expect((await app.status()).attribution).toMatchObject({ lanesInUse: 0, slotsInUse: 0, slotsRefused: 0 });
});
