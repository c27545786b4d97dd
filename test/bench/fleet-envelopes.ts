import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { encodeEnvelope } from '../../src/envelope/encode.ts';
import type { ProfileChunk } from '../../src/profile/types.ts';
import type { Sink } from '../sink.ts';
import type { Measured } from './capacity-model.ts';

type Span = Record<string, unknown> & { start_timestamp: number; end_timestamp: number };

/** One full chunk of a process and the spans of its time, envelope by envelope as they came. */
export interface RecordedChunk {
  chunk: ProfileChunk;
  spans: { header: Record<string, unknown>; items: Span[] }[];
  figures: Omit<Measured, keyof IngestFigures>;
}

export type IngestFigures = Pick<
  Measured,
  'storedBytesPerChunk' | 'storedBytesPerSpan' | 'ingestMsPerChunk' | 'ingestMsPerSpan' | 'rollupMsPerChunk'
>;

/** Envelopes of many processes at the same time, packed. */
export interface FleetEnvelopes {
  chunks: Uint8Array[];
  spans: Uint8Array[];
  spanCount: number;
}

/** The chunk of the longest time in what a process sent. */
export function recordedMinute(sink: Sink): RecordedChunk {
  const [chunk] = sink.chunks.toSorted((a, b) => secondsOf(b) - secondsOf(a));
  if (chunk === undefined) throw new Error('the app sent no chunk');
  const [from, to] = [timeOf(chunk, 0), timeOf(chunk, -1)];
  const spans = sink.items
    .filter(({ header }) => header.type === 'span')
    .map(({ header, payload }) => ({ header, items: JSON.parse(payload).items as Span[], payload }))
    .filter(({ items: [first] }) => first !== undefined && first.end_timestamp >= from && first.end_timestamp < to);
  const all = spans.flatMap(({ items }) => items);
  const requests = all.filter(({ is_segment }) => is_segment === true).length;
  const cpuMicros = chunk.next_profiling?.sample_cpu_us?.reduce((sum, micros) => sum + micros, 0) ?? 0;
  return {
    chunk,
    spans: spans.map(({ header, items }) => ({ header, items })),
    figures: {
      requestsPerSecond: requests / (to - from),
      coresBusy: cpuMicros / 1e6 / (to - from),
      spansPerRequest: all.length / requests,
      chunkSeconds: to - from,
      samplesPerChunk: chunk.profile.samples.length,
      wireBytesPerChunk: gzipSync(JSON.stringify(chunk)).byteLength,
      wireBytesPerSpan: spans.reduce((sum, { payload }) => sum + gzipSync(payload).byteLength, 0) / all.length,
    },
  };
}

const timeOf = ({ profile }: ProfileChunk, at: number): number => profile.samples.at(at)?.timestamp ?? 0;
const secondsOf = (chunk: ProfileChunk): number => timeOf(chunk, -1) - timeOf(chunk, 0);

/** The same of many processes: ids of their own, and times that end now, so that nothing is summed up yet. */
export function fleetEnvelopes({ chunk, spans }: RecordedChunk, processes: number): FleetEnvelopes {
  const shift = Date.now() / 1e3 - timeOf(chunk, -1);
  const samples = chunk.profile.samples.map((sample) => ({ ...sample, timestamp: sample.timestamp + shift }));
  const measurements = Object.entries(chunk.measurements ?? {}).map(([name, { unit, values }]) => [
    name,
    { unit, values: values.map((value) => ({ ...value, timestamp: value.timestamp + shift })) },
  ]);
  const movedChunk = JSON.stringify({
    ...chunk,
    profile: { ...chunk.profile, samples },
    measurements: Object.fromEntries(measurements),
  });
  const movedSpans = spans.map(({ header, items }) => ({
    header,
    text: JSON.stringify({
      version: 2,
      items: items.map((span) => ({
        ...span,
        start_timestamp: span.start_timestamp + shift,
        end_timestamp: span.end_timestamp + shift,
      })),
    }),
  }));
  const salts = Array.from({ length: processes }, () => randomBytes(4).toString('hex'));
  return {
    chunks: salts.map((salt) => packed({ type: 'profile_chunk', platform: 'node' }, withOwnIds(movedChunk, salt))),
    spans: salts.flatMap((salt) => movedSpans.map(({ header, text }) => packed(header, withOwnIds(text, salt)))),
    spanCount: processes * spans.reduce((sum, { items }) => sum + items.length, 0),
  };
}

/** The first eight digits of every id of 32 (profiler, chunk, trace) become this process's. */
const withOwnIds = (text: string, salt: string): string =>
  text.replace(/"[0-9a-f]{8}([0-9a-f]{24})"/g, (_, rest) => `"${salt}${rest}"`);

function packed({ length: _, ...header }: Record<string, unknown>, payload: string): Uint8Array {
  const item = { header: { ...header, type: String(header.type) }, payload: Buffer.from(payload) };
  return gzipSync(encodeEnvelope({ header: { sent_at: new Date().toISOString() }, items: [item] }));
}
