/**
 * A request that burns beside one that waits, for three seconds: how much of the burning function Sentry shows for
 * each, with our profiler and with Sentry's. argv: rounds (3).
 */
import { BurningApp } from '../attribution/burning-app.ts';
import { sentSpans } from '../attribution/sent-spans.ts';
import { shownBySentry } from '../attribution/sentry-reading.ts';
import { Sink } from '../sink.ts';

const [rounds = '3'] = process.argv.slice(2);

for (let round = 0; round < Number(rounds); round++) {
  for (const profiler of ['ours', 'sentry']) {
    const sink = await Sink.listen();
    const app = await BurningApp.start({ dsn: sink.dsn, env: { PROFILER: profiler } });
    await app.call('hotAndWaiting', 3_000);
    await app.call('flush');
    await sink.until(({ chunks }) => chunks.length > 0, 'a chunk', 90_000);
    const [hot = 0, waiting = 0] = ['GET /hot', 'GET /waiting'].map((name) => {
      const span = sentSpans(sink).find((sent) => sent.name === name);
      return span && shownBySentry(sink, span, 'burnAlone');
    });
    await app.stop();
    sink.close();
    const name = profiler === 'ours' ? 'next-profiling' : '@sentry/profiling-node 11.1.0';
    const share = ((100 * waiting) / hot).toFixed(1);
    console.log(`${name.padEnd(30)} burned: ${hot.toFixed(0)} ms, waited: ${waiting.toFixed(0)} ms, ${share} %`);
  }
}
