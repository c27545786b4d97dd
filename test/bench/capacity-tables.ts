import { costOf, type Fleet, type Measured } from './capacity-model.ts';

/** The tables of docs/capacity.md, and what they are made from. */

const SIZES = [10, 1_000, 100_000];

/** The settings that the page recommends at each size. */
const SETTINGS: Omit<Fleet, 'processes'>[] = [
  { profileSessionSampleRate: 1, tracesSampleRate: 0.1, days: 7 },
  { profileSessionSampleRate: 0.1, tracesSampleRate: 0.01, days: 7 },
  { profileSessionSampleRate: 0.01, tracesSampleRate: 0.0002, days: 7 },
];

const EVERYTHING = { profileSessionSampleRate: 1, tracesSampleRate: 1, days: 7 };

const NAMES: Record<keyof Measured, string> = {
  requestsPerSecond: 'requests per second',
  coresBusy: 'cores busy',
  spansPerRequest: 'spans per request',
  chunkSeconds: 'seconds per chunk',
  samplesPerChunk: 'samples per chunk',
  wireBytesPerChunk: 'bytes per chunk, packed, as it travels',
  wireBytesPerSpan: 'bytes per span, packed, as it travels',
  storedBytesPerChunk: 'bytes per chunk, stored',
  storedBytesPerSpan: 'bytes per span, stored',
  ingestMsPerChunk: 'ms of CPU to take a chunk',
  ingestMsPerSpan: 'ms of CPU to take a span',
  rollupMsPerChunk: 'ms of CPU to sum up a chunk and its spans',
};

/** Exact to three digits: the page is what the formulae are checked with. */
export const rounded = (measured: Measured): Measured =>
  Object.fromEntries(
    Object.entries(measured).map(([key, value]) => [key, Number(value.toPrecision(3))]),
  ) as unknown as Measured;

export function measuredTable(measured: Measured): string {
  const rows = Object.entries(NAMES).map(([key, name]) => [name, String(measured[key as keyof Measured])]);
  return table(['Measured', ''], rows);
}

/** The figures of `measuredTable`, read back. */
export function measuredIn(page: string): Measured {
  const entries = Object.entries(NAMES).map(([key, name]) => {
    const row = page.split('\n').find((line) => line.startsWith(`| ${name} |`));
    return [key, Number(row?.split('|')[2])];
  });
  return Object.fromEntries(entries);
}

export const everythingTable = (measured: Measured): string =>
  fleetTable(
    measured,
    SIZES.map((processes) => ({ processes, ...EVERYTHING })),
  );

export const settingsTable = (measured: Measured): string =>
  fleetTable(
    measured,
    SIZES.map((processes, index) => ({ processes, ...(SETTINGS[index] ?? EVERYTHING) })),
  );

function fleetTable(measured: Measured, fleets: readonly Fleet[]): string {
  const rows = fleets.map((fleet) => {
    const cost = costOf(measured, fleet);
    return [
      fleet.processes.toLocaleString('en-US'),
      `${fleet.profileSessionSampleRate} / ${fleet.tracesSampleRate}`,
      figure(cost.chunksPerSecond),
      figure(cost.rowsPerDay),
      bytes(cost.wireBytesPerDay),
      bytes(cost.storedBytesPerDay),
      `${bytes(cost.heldBytes)} in ${fleet.days} d`,
      figure(cost.cores),
      `$${figure(cost.dollarsPerDay)}`,
      seconds(cost.secondsToTenPercent),
    ];
  });
  return table(
    [
      'Processes',
      'profiles / traces',
      'chunks/s',
      'rows/day',
      'received/day',
      'stored/day',
      'held',
      'cores',
      'per day',
      '10 % after',
    ],
    rows,
  );
}

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Two digits, with a unit for thousands. */
function figure(value: number): string {
  for (const [limit, unit] of [
    [1e15, 'P'],
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ] as const) {
    const scale = unit === 'k' ? 1e3 : limit;
    if (value >= limit) return `${twoDigits(value / scale)} ${unit}`;
  }
  return twoDigits(value);
}

const twoDigits = (value: number): string => String(Number(value.toPrecision(2)));

const bytes = (value: number): string => `${figure(value)}${/[PTGMk]$/.test(figure(value)) ? 'B' : ' B'}`;

function seconds(value: number): string {
  if (value < 120) return `${twoDigits(value)} s`;
  return value < 7_200 ? `${twoDigits(value / 60)} min` : `${twoDigits(value / 3_600)} h`;
}
