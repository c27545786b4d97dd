import { ROLLUP_MICROS } from '../store/rollup-store.ts';

/** Into how many pieces a side's time is cut to see how much it varies by itself. */
const SLICES = 20;
/** Least slices of one of a few runs, so that runs and slices are not the same. */
const LEAST_OF_RUN = 2;

/** How far from the first or last sample of a run a request of it may be that was too short for one. */
export const MARGIN_MICROS = 1e6;

/** A piece of a side's time. */
export interface TimeSlice {
  fromMicros: number;
  toMicros: number;
  /** Which stretch of profiled time it is of, from 0; of many, or of a long one, each slice counts as one. */
  run: number;
  /** Whether profiling begins or ends with it; at an end that was asked for it goes on outside. */
  opens: boolean;
  closes: boolean;
}

type Piece = Omit<TimeSlice, 'opens' | 'closes'>;

interface Range {
  fromMicros: number;
  toMicros: number;
}

/**
 * Cuts the time that sessions cover into equal pieces; that of a long time such that rollups answer them. Where there are a
 * few runs, one after the other, no piece is of two.
 *
 * @param range what is asked for
 * @param sessions that overlap it, in any order
 */
export function slicesOf(range: Range, sessions: readonly { startMicros: number; endMicros: number }[]): TimeSlice[] {
  const runs = runsOf(range, sessions);
  const cut = (slices: Piece[]): TimeSlice[] =>
    slices.map((slice, index) => ({
      ...slice,
      opens: index === 0 && slice.fromMicros > range.fromMicros,
      closes: index === slices.length - 1 && slice.toMicros < range.toMicros,
    }));
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return [];
  const whole = { fromMicros: first.fromMicros, toMicros: last.toMicros };
  if (widthOf(whole) / SLICES >= ROLLUP_MICROS) return cut(wideSlices(whole));
  if (runs.length > SLICES) return cut(equalSlices(whole, SLICES).map((slice, run) => ({ ...slice, run })));
  const profiled = runs.reduce((sum, run) => sum + widthOf(run), 0);
  return runs.flatMap((run, index) => {
    const wanted = Math.round((SLICES * widthOf(run)) / profiled);
    return cut(equalSlices(run, Math.max(runs.length <= SLICES / LEAST_OF_RUN ? LEAST_OF_RUN : 1, wanted), index));
  });
}

const widthOf = ({ fromMicros, toMicros }: Range): number => toMicros - fromMicros;

/** Sessions that overlap, or nearly, are one run; in order of time. */
function runsOf(range: Range, sessions: readonly { startMicros: number; endMicros: number }[]): Range[] {
  const runs: Range[] = [];
  for (const { startMicros, endMicros } of [...sessions].sort((a, b) => a.startMicros - b.startMicros)) {
    const fromMicros = Math.max(range.fromMicros, startMicros);
    const toMicros = Math.min(range.toMicros, endMicros + 1);
    const last = runs.at(-1);
    if (last !== undefined && fromMicros <= last.toMicros + 2 * MARGIN_MICROS)
      last.toMicros = Math.max(last.toMicros, toMicros);
    else runs.push({ fromMicros, toMicros });
  }
  return runs;
}

function equalSlices({ fromMicros, toMicros }: Range, number: number, run = 0): Piece[] {
  const at = (index: number) => Math.round(fromMicros + ((toMicros - fromMicros) * index) / number);
  return Array.from({ length: number }, (_, index) => ({
    fromMicros: at(index),
    toMicros: at(index + 1),
    run,
  })).filter((slice) => widthOf(slice) > 0);
}

function wideSlices({ fromMicros, toMicros }: Range): Piece[] {
  const width = Math.ceil((toMicros - fromMicros) / SLICES / ROLLUP_MICROS) * ROLLUP_MICROS;
  const slices: Piece[] = [];
  for (let at = fromMicros; at < toMicros; ) {
    const next = (Math.floor(at / width) + 1) * width;
    // What is left over is no slice of its own.
    const until = next > toMicros - width / 10 ? toMicros : next;
    slices.push({ fromMicros: Math.round(at), toMicros: until, run: slices.length });
    at = until;
  }
  return slices;
}
