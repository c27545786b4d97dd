import type { ChunkFacts, ProfileStore } from '../store/profile-store.ts';
import type { SeriesAnswer, SeriesMarker } from './api-profile-types.ts';
import { type Filter, selectionOf } from './filter.ts';
import { counted } from './report-cells.ts';

/** A silence of the profiler that is shorter than this is a chunk's border, microseconds. */
const GAP_MICROS = 2e6;
/** What was dropped in a range is told by the next chunk that arrived, and that may be after it. */
const TOLD_WITHIN_MICROS = 600e6;

/** Of the engine's words, those that are not clear by themselves. */
const REASONS: Readonly<Record<string, string>> = {
  encode_failed: 'encoding failed',
  no_transport: 'the Sentry client was off',
  queue_full: 'too many were waiting for an answer',
  rate_limited: 'the receiver had asked for a pause',
  too_large: 'too large for the receiver',
  held_back: 'no answer, or the SDK did not send',
  send_failed: 'the receiver failed',
  worker_ended: 'the worker ended',
  ring_full: 'the event loop was blocked for too long',
};

type Series = SeriesAnswer['series'][number];

/** CPU, memory and whatever else chunks measure, and what happened to the chunks. Rejects with `NP_STORE`. */
export async function querySeries(store: ProfileStore, filter: Filter = {}, points = 1_000): Promise<SeriesAnswer> {
  const selection = await selectionOf(store, filter);
  const series = new Map<string, Series>();
  const markers: SeriesMarker[] = [];
  const endOf = new Map<string, number>();
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  const told = { ...selection, toMicros: selection.toMicros + TOLD_WITHIN_MICROS };
  for await (const facts of store.chunkFacts(told)) {
    markers.push(
      ...dropsOf(facts).filter(
        ({ timeMs, untilMs }) => timeMs * 1e3 <= selection.toMicros && untilMs * 1e3 >= selection.fromMicros,
      ),
    );
    if (facts.startMicros > selection.toMicros) continue;
    first = Math.min(first, facts.startMicros);
    last = Math.max(last, facts.endMicros);
    take(series, facts, selection.fromMicros / 1e3, selection.toMicros / 1e3);
    markers.push(...markersOf(facts, endOf.get(facts.profilerId)));
    endOf.set(facts.profilerId, Math.max(facts.endMicros, endOf.get(facts.profilerId) ?? 0));
  }
  const fromMs = Math.max(selection.fromMicros, Math.min(first, last)) / 1e3;
  return {
    fromMs,
    toMs: Math.max(fromMs, Math.min(selection.toMicros, last) / 1e3),
    series: [...series.values()].map((one) => thinned(one, points)),
    markers,
  };
}

function take(series: Map<string, Series>, facts: ChunkFacts, fromMs: number, toMs: number): void {
  for (const [name, { unit, values }] of Object.entries(facts.measurements)) {
    const key = `${facts.profilerId} ${name}`;
    const into = series.get(key) ?? { name, unit, session: facts.profilerId, timesMs: [], values: [] };
    series.set(key, into);
    for (const { timestamp, value } of values) {
      const timeMs = Math.round(timestamp * 1e6) / 1e3;
      if (timeMs < fromMs || timeMs > toMs) continue;
      into.timesMs.push(timeMs);
      into.values.push(value);
    }
  }
}

function markersOf({ profilerId, startMicros, endMicros, extension }: ChunkFacts, before?: number): SeriesMarker[] {
  const marker = (kind: SeriesMarker['kind'], from: number, to: number, detail: string): SeriesMarker => ({
    kind,
    timeMs: from / 1e3,
    untilMs: to / 1e3,
    detail,
    session: profilerId,
  });
  const slept = extension?.unsampled_cpu_us ?? 0;
  const isGap = before !== undefined && startMicros - before > GAP_MICROS;
  return [
    ...(isGap
      ? [marker('gap', before, startMicros, `no samples; ${(slept / 1e3).toFixed(1)} ms of CPU time used meanwhile`)]
      : []),
    marker('chunk', startMicros, endMicros, extension === null ? '' : `ended by ${extension.end}`),
  ];
}

function dropsOf({ profilerId, extension }: ChunkFacts): SeriesMarker[] {
  return (extension?.dropped ?? []).map(({ reason, chunks, samples, start, end }) => ({
    kind: 'drop',
    timeMs: start * 1e3,
    untilMs: end * 1e3,
    detail: `${lossOf(chunks, samples)} lost: ${REASONS[reason] ?? reason}`,
    session: profilerId,
  }));
}

function lossOf(chunks: number, samples: number): string {
  if (chunks === 0) return counted(samples, 'sample');
  return samples === 0 ? counted(chunks, 'chunk') : `${counted(chunks, 'chunk')} with ${counted(samples, 'sample')}`;
}

/** The highest of each of so many equal pieces of the points: peaks are what is looked for. */
function thinned(series: Series, points: number): Series {
  const order = Array.from(series.timesMs.keys()).sort((a, b) => (series.timesMs[a] ?? 0) - (series.timesMs[b] ?? 0));
  const size = Math.max(1, Math.ceil(order.length / points));
  const kept: number[] = [];
  for (let from = 0; from < order.length; from += size) {
    const piece = order.slice(from, from + size);
    kept.push(piece.reduce((best, index) => ((series.values[index] ?? 0) > (series.values[best] ?? 0) ? index : best)));
  }
  return {
    ...series,
    timesMs: kept.map((index) => series.timesMs[index] ?? 0),
    values: kept.map((index) => series.values[index] ?? 0),
  };
}
