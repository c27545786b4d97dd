import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeBinary, SUPPORTED_NODE_VERSIONS } from '../node-versions.ts';
import { SentryApp } from '../sentry-app.ts';
import { Sink } from '../sink.ts';

const TRACE = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace' };
/** On the toolchain's Node; a few on each of the others. */
const TIMES = 50;
const TIMES_ELSEWHERE = 5;

let sink: Sink;
beforeAll(async () => {
  sink = await Sink.listen();
});
afterAll(() => sink.close());

/** Ends a process in the middle of a chunk, again and again, and counts how it ended. */
async function endings(times: number, version: string, end: Parameters<SentryApp['endBy']>[0]) {
  const counts: Record<string, number> = {};
  for (let i = 0; i < times; i++) {
    const app = await SentryApp.start({ dsn: sink.dsn, init: TRACE, nodeBinary: nodeBinary(version) });
    try {
      await app.call('hold', 'root');
      await app.call('burn', 15);
      expect((await app.status()).state).toBe('profiling');
      const how = await app.endBy(end);
      counts[how] = (counts[how] ?? 0) + 1;
    } finally {
      await app.stop();
    }
  }
  return counts;
}

describe.each(SUPPORTED_NODE_VERSIONS)('in the middle of a chunk on Node %s', (version) => {
  const times = version.startsWith('24.') ? TIMES : TIMES_ELSEWHERE;

  test(`process.exit() ends with its code, ${times} times of ${times}`, async () => {
    expect(await endings(times, version, { call: 'exit', args: [7] })).toEqual({ 'code 7': times });
  });

  test(`SIGTERM ends as without us, ${times} times of ${times}`, async () => {
    expect(await endings(times, version, { signal: 'SIGTERM' })).toEqual({ SIGTERM: times });
  });

  test('an uncaught exception ends with code 1', async () => {
    expect(await endings(3, version, { call: 'throwUncaught' })).toEqual({ 'code 1': 3 });
  });
});
