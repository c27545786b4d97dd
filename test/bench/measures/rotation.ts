import { CONTENDERS, type Contender } from '../contenders.ts';
import type { Measure } from '../measure.ts';
import { runProcess } from '../run-process.ts';

/** Longer than the longest period by default, a minute or a little more. */
const SECONDS = 68;
/** How long what one upload holds lasts, by default. */
const PERIOD_SECONDS: { readonly [contender in Contender]?: number } = {
  'next-profiling': 30,
  '@sentry/profiling-node': 60,
  'dd-trace': 65,
  '@pyroscope/nodejs': 60,
};

/** A process that renders for longer than any profiler keeps a profile for itself. */
export const rotation: Measure = {
  name: 'rotation',
  says: 'a minute of server rendering: how long the event loop stands still when a profile ends, bytes on the wire',
  contenders: CONTENDERS.filter((contender) => contender !== 'without attribution'),
  rounds: 2,
  seconds: SECONDS + 5,
  // Each is at work for three fifths of the time.
  atOnce: 2,
  figures: [
    { id: 'longestDelayMs', says: 'longest event-loop delay in a minute of rendering', unit: 'ms', base: 'nothing' },
    { id: 'wireMbPerMinute', says: 'on the wire in that minute', unit: 'MB', base: '@sentry/profiling-node' },
  ],
  async take(contender) {
    const ran = await runProcess<{ longestDelayMs: number }>(contender, 'rotation.cjs', [String(SECONDS)], {
      lifecycle: 'manual',
    });
    const periodSeconds = PERIOD_SECONDS[contender];
    if (periodSeconds === undefined) return ran.printed;
    if (ran.uploads.length === 0) throw new Error(`no profile arrived within ${SECONDS} s`);
    const bytes = ran.uploads.reduce((sum, { wireBytes }) => sum + wireBytes, 0);
    return { ...ran.printed, wireMbPerMinute: (bytes / 1e6) * (60 / (ran.uploads.length * periodSeconds)) };
  },
};
