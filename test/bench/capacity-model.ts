/** What a fleet costs, from what one process and one collector were measured to need. Formulae only. */

/** Of one process of the example app under load, and of one collector with a SQLite store. */
export interface Measured {
  /** The process. */
  requestsPerSecond: number;
  coresBusy: number;
  spansPerRequest: number;
  chunkSeconds: number;
  samplesPerChunk: number;
  /** As they travel, packed. */
  wireBytesPerChunk: number;
  wireBytesPerSpan: number;
  /** In the store, indexes and sums of five minutes included. */
  storedBytesPerChunk: number;
  storedBytesPerSpan: number;
  /** CPU of the collector. */
  ingestMsPerChunk: number;
  ingestMsPerSpan: number;
  /** Of summing up, per chunk with the spans of its time. */
  rollupMsPerChunk: number;
}

/** How a fleet is set. */
export interface Fleet {
  processes: number;
  profileSessionSampleRate: number;
  tracesSampleRate: number;
  /** How long everything is kept. */
  days: number;
}

/** What a provider asks, in dollars. Assumed, not measured. */
export const PRICES = { perCoreHour: 0.04, perGbMonth: 0.1, perGbReceived: 0.01 };

export interface Cost {
  chunksPerSecond: number;
  /** Chunks and spans. */
  rowsPerDay: number;
  wireBytesPerDay: number;
  storedBytesPerDay: number;
  /** Once the oldest day goes. */
  heldBytes: number;
  cores: number;
  dollarsPerDay: number;
  /** After how many seconds a function that takes a hundredth of all CPU is known to a tenth. */
  secondsToTenPercent: number;
}

const DAY_SECONDS = 86_400;

export function costOf(
  measured: Measured,
  { processes, profileSessionSampleRate, tracesSampleRate, days }: Fleet,
): Cost {
  const chunksPerSecond = (processes * profileSessionSampleRate) / measured.chunkSeconds;
  const spansPerSecond = processes * tracesSampleRate * measured.requestsPerSecond * measured.spansPerRequest;
  const perDay = (perChunk: number, perSpan: number) =>
    DAY_SECONDS * (chunksPerSecond * perChunk + spansPerSecond * perSpan);
  const wireBytesPerDay = perDay(measured.wireBytesPerChunk, measured.wireBytesPerSpan);
  const storedBytesPerDay = perDay(measured.storedBytesPerChunk, measured.storedBytesPerSpan);
  const cores =
    (chunksPerSecond * (measured.ingestMsPerChunk + measured.rollupMsPerChunk) +
      spansPerSecond * measured.ingestMsPerSpan) /
    1e3;
  const heldBytes = storedBytesPerDay * days;
  return {
    chunksPerSecond,
    rowsPerDay: perDay(1, 1),
    wireBytesPerDay,
    storedBytesPerDay,
    heldBytes,
    cores,
    dollarsPerDay:
      cores * 24 * PRICES.perCoreHour +
      (heldBytes / 1e9) * (PRICES.perGbMonth / 30) +
      (wireBytesPerDay / 1e9) * PRICES.perGbReceived,
    // The standard error of S ms is √(10 S) ms at most (README, CPU per request): a tenth is at one second of the function.
    // Only requests that are traced are profiled.
    secondsToTenPercent: 100 / (processes * profileSessionSampleRate * tracesSampleRate * measured.coresBusy),
  };
}
