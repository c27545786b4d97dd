import { describe, expect, test } from 'vitest';
import { nodeBinary } from '../node-versions.ts';
import { sink, untilTestEnds } from '../per-test.ts';
import { type AttributedCpu, attributedCpu, ownShare, wrongLabels } from './attributed-cpu.ts';
import { BurningApp, type BurningAppOptions, NODE_SDKS } from './burning-app.ts';

async function loaded(options: Omit<BurningAppOptions, 'dsn'>): Promise<BurningApp> {
  const app = untilTestEnds(
    await BurningApp.start({
      profiling: { samplingIntervalMicros: 2_000, maxOverhead: 1 },
      ...options,
      dsn: sink.dsn,
    }),
  );
  await app.load(4);
  await app.call('flush');
  return app;
}

/** Chunks of ours: Sentry's profiler sends its own. */
const ours = () => sink.chunks.filter((chunk) => chunk.next_profiling !== undefined);

const companyOf = (company: string, sdk: string = NODE_SDKS['Sentry 11.1.0']) => ({
  sdk,
  company: 'bad-company.mjs',
  env: { COMPANY_IS: company },
});

// 480 ms and 960 ms are burned, which is 240 samples and 480.
function expectNoWrongLabel(cpu: AttributedCpu): void {
  const seen = JSON.stringify(cpu.samplesOf);
  expect(wrongLabels(cpu, 'burnA', '/a'), seen).toBe(0);
  expect(wrongLabels(cpu, 'burnB', '/b'), seen).toBe(0);
  const samples = (burner: string) => Object.values(cpu.samplesOf[burner] ?? {}).reduce((sum, count) => sum + count, 0);
  expect(samples('burnA'), seen).toBeGreaterThan(120);
  expect(samples('burnB'), seen).toBeGreaterThan(240);
}

describe.each(Object.entries(NODE_SDKS))('%s', (_name, sdk) => {
  test.each(['async-contexts', 'workers', 'sentry-profiler'])(
    'gives every sample to its own request beside %s',
    async (company) => {
      const { state, attribution } = await (await loaded(companyOf(company, sdk))).status();
      expect(state).toBe('profiling');
      expect(attribution.enabled, attribution.reason).toBe(true);
      const cpu = attributedCpu(sink);
      expectNoWrongLabel(cpu);
      expect(ownShare(cpu, 'burnA', '/a')).toBeGreaterThanOrEqual(0.995);
      expect(ownShare(cpu, 'burnB', '/b')).toBeGreaterThanOrEqual(0.995);
    },
  );
});

const INSPECTORS = ['inspector-before', 'inspector-after', 'inspector-again-and-again'];

test.each(INSPECTORS)('goes on profiling and gives no sample to another request beside %s', async (company) => {
  const { state } = await (await loaded(companyOf(company))).status();
  expect(state).toBe('profiling');
  expectNoWrongLabel(attributedCpu(sink));
});

// A record is written for signals that are for the other profiler, too, and those are most.
test('beside a running inspector samples know their span, and hold the CPU time of their spans', async () => {
  await loaded({ ...companyOf('inspector-before'), profiling: {} });
  let [ofSpans, ofSamples] = [0, 0];
  for (const { next_profiling } of ours()) {
    expect(next_profiling?.attribution).toBe('context');
    for (const { cpu_us } of next_profiling?.spans ?? []) ofSpans += cpu_us;
    next_profiling?.sample_cpu_us?.forEach((micros, index) => {
      if ((next_profiling.sample_spans?.[index] ?? -1) >= 0) ofSamples += micros;
    });
  }
  expect(ofSamples / ofSpans).toBeGreaterThan(0.9);
  expect(ofSamples / ofSpans).toBeLessThan(1.01);
});

test.each([
  ['20.20.2', []],
  ['22.23.3', []],
  ['24.21.0', ['--no-async-context-frame']],
])('on Node %s %j samples are taken, have no span, and the status says why', async (version, execArgv) => {
  const { attribution, state } = await (await loaded({ nodeBinary: nodeBinary(version), execArgv })).status();
  expect(state).toBe('profiling');
  expect(attribution).toMatchObject({ enabled: false, slotsInUse: 0, lanesInUse: 0 });
  expect(attribution.reason).toContain('async context frame');
  expect(ours().length).toBeGreaterThan(0);
  for (const chunk of ours()) {
    expect(chunk.next_profiling).not.toHaveProperty('attribution');
    expect(chunk.next_profiling).not.toHaveProperty('sample_spans');
    expect(new Set(chunk.profile.samples.map(({ thread_id }) => thread_id))).toEqual(new Set(['0']));
  }
  expect(attributedCpu(sink).samplesOf.burnA?.['']).toBeGreaterThan(120);
});
