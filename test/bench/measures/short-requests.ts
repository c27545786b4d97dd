import { CONTENDERS } from '../contenders.ts';
import type { Measure } from '../measure.ts';
import { samplesOf } from '../received-functions.ts';
import { runProcess } from '../run-process.ts';

const REQUESTS = 120;
/** A sample is noted a little after it was taken. */
const LATE_MS = 1;

interface Request {
  readonly startMs: number;
  readonly endMs: number;
}

/** Requests of 5 ms that come alone, as most do on a quiet server. */
export const shortRequests: Measure = {
  name: 'short-requests',
  says: 'requests of 5 ms that come alone: how many are seen, and how much of their time',
  contenders: CONTENDERS.filter((contender) => contender !== 'nothing'),
  rounds: 2,
  seconds: 18,
  figures: [
    { id: 'requestsSeen', says: 'requests of 5 ms that come alone: seen', unit: 'share', base: null },
    { id: 'timeFound', says: 'their time in the profile, of what they took', unit: 'share', base: null },
  ],
  async take(contender) {
    const { printed, uploads } = await runProcess<Request[]>(contender, 'short-requests.cjs', [String(REQUESTS)], {
      lifecycle: 'trace',
      periodSeconds: 2,
    });
    const samples = uploads.flatMap((upload) => samplesOf(upload, 'hotFunction'));
    const times = samples.flatMap(({ atMs }) => (atMs === undefined ? [] : [atMs]));
    const tookMs = printed.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
    return {
      timeFound: samples.reduce((sum, { micros }) => sum + micros / 1000, 0) / tookMs,
      // Without times nobody can tell which request a sample is of.
      ...(samples.length === times.length && { requestsSeen: shareSeen(printed, times) }),
    };
  },
};

const shareSeen = (requests: readonly Request[], times: readonly number[]): number =>
  requests.filter(({ startMs, endMs }) => times.some((at) => at >= startMs && at <= endMs + LATE_MS)).length /
  requests.length;
