/**
 * Attribution while the collector moves everything: the app of test/attribution with 32 requests in flight, a sample every
 * 150 µs, and V8 made to collect, compact and scavenge at every turn. Prints, each minute, how many of the burners' samples
 * are on their own route, on another's and on none. Ends with 1 at a wrong label, or if the app ends. argv: version of Node
 * (22.23.3), minutes (10).
 */
import { attributedCpu, wrongLabels } from '../attribution/attributed-cpu.ts';
import { BurningApp } from '../attribution/burning-app.ts';
import { nodeBinary } from '../node-versions.ts';
import { Sink } from '../sink.ts';

const [version = '22.23.3', minutes = '10'] = process.argv.slice(2);
const OWN_ROUTE = { burnA: '/a', burnB: '/b' } as const;

const sink = await Sink.listen();
const app = await BurningApp.start({
  dsn: sink.dsn,
  nodeBinary: nodeBinary(version),
  execArgv: [
    ...(version.startsWith('22.') ? ['--experimental-async-context-frame'] : []),
    ...['--gc-interval=500', '--stress-compaction', '--stress-scavenge=50'],
  ],
  profiling: { samplingIntervalMicros: 150, maxOverhead: 1 },
});

const totals = { right: 0, wrong: 0, unlabelled: 0 };
const startedMs = performance.now();
let saidMinute = 0;
try {
  for (let minute = 0; minute < Number(minutes); minute = (performance.now() - startedMs) / 60_000) {
    sink.items.length = 0;
    await app.load(2);
    await app.call('flush');
    const cpu = attributedCpu(sink);
    for (const [burner, route] of Object.entries(OWN_ROUTE)) {
      totals.right += cpu.samplesOf[burner]?.[route] ?? 0;
      totals.unlabelled += cpu.samplesOf[burner]?.[''] ?? 0;
      totals.wrong += wrongLabels(cpu, burner, route);
    }
    if (Math.floor(minute) === saidMinute) continue;
    saidMinute = Math.floor(minute);
    console.log(`Node ${version}, minute ${saidMinute} of ${minutes}: ${JSON.stringify(totals)}`);
  }
  const { attribution } = await app.status();
  console.log(`Node ${version}, ${minutes} minutes: ${JSON.stringify({ ...totals, attribution })}`);
  if (totals.wrong > 0 || totals.right === 0) process.exitCode = 1;
} finally {
  await app.stop();
  sink.close();
}
