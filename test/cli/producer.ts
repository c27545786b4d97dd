/**
 * A small app under the real Sentry SDK: serves requests as root spans, profiles itself with V8's own profiler and sends
 * everything to SENTRY_DSN. `burnOnPurpose` is the function that costs.
 *
 * Arguments: requests of /api/busy, milliseconds of CPU each.
 */
import { randomUUID } from 'node:crypto';
import { Session } from 'node:inspector/promises';
import * as Sentry from '@sentry/node';
import type { Frame, Sample, Stack } from '../../src/profile/types.ts';

const [requests = 3, busyMs = 40] = process.argv.slice(2).map(Number);
const profiler_id = randomUUID().replaceAll('-', '');

function burnOnPurpose(ms: number): number {
  let sum = 0;
  // The clock is asked rarely, so that the time is this function's own.
  for (const end = performance.now() + ms; performance.now() < end; ) {
    for (let round = 0; round < 20_000; round++) sum += Math.sqrt(sum + round);
  }
  return sum;
}

const serve = (route: string, work: () => unknown) =>
  Sentry.startSpan(
    {
      name: `GET ${route}`,
      op: 'http.server',
      forceTransaction: true,
      attributes: { 'http.route': route, 'sentry.profiler_id': profiler_id, 'thread.id': '0' },
    },
    work,
  );

Sentry.init({ tracesSampleRate: 1, release: 'producer@1', environment: 'test' });
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: 1000 });
await session.post('Profiler.start');
for (let index = 0; index < requests; index++) serve('/api/busy', () => burnOnPurpose(busyMs));
for (let index = 0; index < requests; index++) serve('/api/light', () => burnOnPurpose(1));
const { profile } = await session.post('Profiler.stop');
// V8 counts on the monotonic clock, which hrtime reads too.
const monotonicToUnix = (performance.timeOrigin + performance.now()) * 1000 - Number(process.hrtime.bigint()) / 1000;
const startMicros = profile.startTime + monotonicToUnix;

const frames: Frame[] = [];
const stackOf = new Map<number, Stack>();
const visit = (id: number, callers: Stack): void => {
  const node = profile.nodes.find((candidate) => candidate.id === id);
  if (node === undefined) return;
  const { functionName, url, lineNumber, columnNumber } = node.callFrame;
  const index =
    frames.push({ function: functionName, abs_path: url, lineno: lineNumber + 1, colno: columnNumber + 1 }) - 1;
  const stack = [index, ...callers];
  stackOf.set(id, stack);
  for (const child of node.children ?? []) visit(child, stack);
};
visit(profile.nodes[0]?.id ?? 0, []);
const ids = [...stackOf.keys()];
let elapsed = 0;
const samples: Sample[] = (profile.samples ?? []).map((id, index) => {
  elapsed += profile.timeDeltas?.[index] ?? 0;
  return { timestamp: (startMicros + elapsed) / 1e6, stack_id: ids.indexOf(id), thread_id: '0' };
});
const chunk = {
  version: '2',
  chunk_id: randomUUID(),
  profiler_id,
  platform: 'node',
  client_sdk: { name: 'producer', version: '1' },
  release: 'producer@1',
  profile: { samples, stacks: [...stackOf.values()], frames, thread_metadata: { '0': { name: 'main' } } },
};
const envelope = [{ sent_at: new Date().toISOString() }, [[{ type: 'profile_chunk', platform: 'node' }, chunk]]];
await Sentry.getClient()?.sendEnvelope(envelope as never);
await Sentry.flush(5_000);
