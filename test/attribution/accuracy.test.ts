import { describe, expect, test } from 'vitest';
import { nodeBinary } from '../node-versions.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { type AttributedCpu, attributedCpu, ownShare, wrongLabels } from './attributed-cpu.ts';
import { BurningApp, type BurningAppOptions, NODE_SDKS } from './burning-app.ts';

// With a sample every 2 ms a slice of 8 ms is seen with a standard error of some 0.9 ms, so the 150 slices of route A
// are with one of 1 %: what is promised is five of them away.
const INTERVAL_MICROS = 2_000;
const ROUNDS = 10;
/** Before that, each server has code to compile, and the SDK's own start is nobody's. */
const WARM_UP_ROUNDS = 3;
/**
 * What is wanted, and was measured with 20 s of CPU and more, is 0.05. These runs are short, and other processes on the
 * same cores make ticks late: 0.057 was seen beside two builds.
 */
const CPU_ERROR = 0.08;

/**
 * What is wanted is 0.03, and 0.02 to 0.045 is what there is: one to two and a half milliseconds for each root span, of
 * work before it begins and after it has ended, and of V8's own collector tasks. This is a guard only.
 */
const UNATTRIBUTED = 0.06;

/** Starts an app and returns what its chunks say of a load, and what its burners used. */
async function loaded(
  options: Omit<BurningAppOptions, 'dsn'>,
  rounds: number,
): Promise<{ cpu: AttributedCpu; burnedMs: Record<string, number> }> {
  const app = untilTestEnds(await BurningApp.start({ ...options, dsn: sink.dsn }));
  await app.load(WARM_UP_ROUNDS);
  await app.call('flush');
  sink.items.length = 0;
  const { thread: before } = await app.burned();
  await app.load(rounds);
  const { thread } = await app.burned();
  await app.call('flush');
  const burned = Object.entries(thread).map(([name, micros]) => [name, (micros - (before[name] ?? 0)) / 1000]);
  return { cpu: attributedCpu(sink), burnedMs: Object.fromEntries(burned) };
}

describe.each(Object.entries(NODE_SDKS))('32 requests in flight, %s', (_name, sdk) => {
  test.each([
    ['24.21.0', []],
    ['26.10.0', []],
    ['22.23.3', ['--experimental-async-context-frame']],
  ])('charges each its own CPU on Node %s %j', async (version, execArgv) => {
    const { cpu, burnedMs } = await loaded(
      {
        sdk,
        nodeBinary: nodeBinary(version),
        execArgv,
        profiling: { samplingIntervalMicros: INTERVAL_MICROS, maxOverhead: 1 },
      },
      ROUNDS,
    );
    for (const [burner, route] of [
      ['burnA', '/a'],
      ['burnB', '/b'],
    ] as const) {
      expect(ownShare(cpu, burner, route)).toBeGreaterThanOrEqual(0.995);
      const share = (cpu.cpuOf[burner]?.[route] ?? 0) / (burnedMs[burner] ?? 0);
      expect(share, `${burner} on ${route}: profile against CPU clock`).toBeGreaterThan(1 - CPU_ERROR);
      expect(share, `${burner} on ${route}: profile against CPU clock`).toBeLessThan(1 + CPU_ERROR);
    }
    // It waits, beside the CPU that burns.
    expect((cpu.byRoute['/c'] ?? 0) / cpu.busyMs).toBeLessThan(0.01);
    const unattributed = cpu.unattributedMs / cpu.busyMs;
    expect(unattributed, JSON.stringify(cpu.unattributedIn.slice(0, 10))).toBeLessThanOrEqual(UNATTRIBUTED);
  });
});

test.each(['24.21.0', '26.10.0'])(
  'gives no sample to another request while the collector moves everything, on Node %s',
  async (version) => {
    const { cpu } = await loaded(
      {
        nodeBinary: nodeBinary(version),
        execArgv: ['--gc-interval=500', '--stress-compaction', '--stress-scavenge=50'],
        profiling: { samplingIntervalMicros: 150, maxOverhead: 1 },
      },
      4,
    );
    expect(wrongLabels(cpu, 'burnA', '/a')).toBe(0);
    expect(wrongLabels(cpu, 'burnB', '/b')).toBe(0);
    expect(ownShare(cpu, 'burnA', '/a')).toBeGreaterThanOrEqual(0.995);
    expect(cpu.samplesOf.burnB?.['/b']).toBeGreaterThan(1_000);
  },
);
