import { describe, expect, test } from 'vitest';
import { brokenRules } from '../../e2e/relay-rules.ts';
import { busyMs } from '../busy-ms.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { SDKS, SentryApp } from '../sentry-app.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };

describe.each(Object.entries(SDKS))('on a host that freezes the process between requests, %s', (_name, sdk) => {
  test('each request leaves a whole profile behind before the freeze, linked to its spans', async () => {
    const app = untilTestEnds(
      await SentryApp.start({ dsn: sink.dsn, init: TRACE, sdk, profiling: { chunkDurationMs: 1_000 } }),
    );
    for (let i = 1; i <= 3; i++) {
      const before = busyMs(sink.chunks, 'hotFunction');
      expect(await app.call('requestBeforeFreeze', 200)).toBe(1);
      expect(busyMs(sink.chunks, 'hotFunction') - before).toBeGreaterThan(40);
      process.kill(app.pid, 'SIGSTOP');
      // Longer than a chunk may be.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      process.kill(app.pid, 'SIGCONT');
    }
    await app.call('flush');
    const spans = sink.payloads(sdk === SDKS['Sentry 11.1.0'] ? 'span' : 'transaction').join('');
    for (const { header, payload } of sink.items.filter((item) => item.header.type === 'profile_chunk')) {
      const chunk = JSON.parse(payload);
      expect(brokenRules(header, chunk)).toEqual([]);
      // The time of the freeze is none in which samples were taken and their spans not found.
      expect(chunk.next_profiling.attribution).toBe('context');
      const times = chunk.profile.samples.map(({ timestamp }: { timestamp: number }) => timestamp);
      expect(Math.max(...times) - Math.min(...times)).toBeLessThan(1.2);
      if (busyMs([chunk], 'hotFunction') > 0) expect(spans).toContain(chunk.profiler_id);
    }
    expect(busyMs(sink.chunks, 'hotFunction')).toBeLessThan(3 * 300);
  });
});
