import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { costOf, PRICES } from './bench/capacity-model.ts';
import { everythingTable, measuredIn, measuredTable, settingsTable } from './bench/capacity-tables.ts';

const PAGE = readFileSync(join(import.meta.dirname, '..', 'docs', 'capacity.md'), 'utf8');
const partOf = (name: string) => new RegExp(`<!-- ${name} -->\n([^]*?)\n<!-- end -->`).exec(PAGE)?.[1];

describe('docs/capacity.md', () => {
  const measured = measuredIn(PAGE);

  test('says what was measured', () => {
    for (const [name, value] of Object.entries(measured)) expect(value, name).toBeGreaterThan(0);
    expect(partOf('measured')).toBe(measuredTable(measured));
  });

  test('and what the formulae make of it', () => {
    expect(partOf('everything')).toBe(everythingTable(measured));
    expect(partOf('settings')).toBe(settingsTable(measured));
  });

  test('names the prices', () => {
    const { perCoreHour, perGbMonth, perGbReceived } = PRICES;
    expect(PAGE).toContain(
      `$${perCoreHour.toFixed(2)} per core and hour, $${perGbMonth.toFixed(2)} per GB and month, $${perGbReceived.toFixed(2)} per GB received`,
    );
  });
});

test('the formulae are those of a fleet worked out by hand', () => {
  const measured = {
    requestsPerSecond: 10,
    coresBusy: 0.5,
    spansPerRequest: 5,
    chunkSeconds: 30,
    samplesPerChunk: 3_000,
    wireBytesPerChunk: 60_000,
    wireBytesPerSpan: 100,
    storedBytesPerChunk: 90_000,
    storedBytesPerSpan: 500,
    ingestMsPerChunk: 20,
    ingestMsPerSpan: 0.1,
    rollupMsPerChunk: 10,
  };
  const cost = costOf(measured, { processes: 300, profileSessionSampleRate: 0.1, tracesSampleRate: 0.2, days: 10 });
  // Thirty processes profile, a chunk each half minute; 300 send 2 × 5 spans a second.
  expect(cost.chunksPerSecond).toBeCloseTo(1, 9);
  expect(cost.rowsPerDay).toBeCloseTo(86_400 * 3_001, 0);
  expect(cost.wireBytesPerDay).toBeCloseTo(86_400 * 360_000, 0);
  expect(cost.storedBytesPerDay).toBeCloseTo(86_400 * 1_590_000, 0);
  expect(cost.cores).toBeCloseTo(0.03 + 0.3, 9);
  expect(cost.secondsToTenPercent).toBeCloseTo(100 / 3, 6);
  // 137.376 GB a day for ten days, 31.104 GB received.
  expect(cost.dollarsPerDay).toBeCloseTo(0.33 * 0.96 + (1373.76 * 0.1) / 30 + 0.31104, 4);
});
