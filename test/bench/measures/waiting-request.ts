import { BurningApp } from '../../attribution/burning-app.ts';
import { sentSpans } from '../../attribution/sent-spans.ts';
import { shownBySentry } from '../../attribution/sentry-reading.ts';
import { Sink } from '../../sink.ts';
import type { Measure } from '../measure.ts';

/**
 * A request that burns beside one that waits, for three seconds: how much of the burning function Sentry shows for the
 * second. The rivals tell requests apart by spans of their own tracers, or by labels of the user's, and not without.
 */
export const waitingRequest: Measure = {
  name: 'waiting-request',
  says: 'a request that waits beside one that works: how much of the work it is shown with',
  contenders: ['next-profiling', 'without attribution', '@sentry/profiling-node'],
  rounds: 2,
  seconds: 6,
  figures: [
    { id: 'shownForWaiting', says: "a neighbour's work shown for a request that waits", unit: 'share', base: null },
  ],
  async take(contender) {
    const sink = await Sink.listen();
    const env = {
      PROFILER: contender === '@sentry/profiling-node' ? 'sentry' : 'ours',
      NEXT_PROFILING_ATTRIBUTION: contender === 'without attribution' ? 'off' : 'auto',
    };
    const app = await BurningApp.start({ dsn: sink.dsn, env });
    try {
      await app.call('hotAndWaiting', 3_000);
      await app.call('flush');
      await sink.until(({ chunks }) => chunks.length > 0, 'a chunk', 90_000);
      const [hot = 0, waiting = 0] = ['GET /hot', 'GET /waiting'].map((name) => {
        const span = sentSpans(sink).find((sent) => sent.name === name);
        return span && shownBySentry(sink, span, 'burnAlone');
      });
      return { shownForWaiting: waiting / hot };
    } finally {
      await app.stop();
      sink.close();
    }
  },
};
