import type { SeriesAnswer } from '../../collector/api-profile-types.ts';
import { formatBytes, formatDuration } from '../model/format.ts';

/** One chart of what was measured over time: a line per profiler session. */
export interface SeriesLines {
  name: string;
  title: string;
  /** Times in seconds, as uPlot wants them, and a column of values per session; `null` where one has none. */
  columns: [number[], ...(number | null)[][]];
  sessions: readonly string[];
  format(value: number): string;
  highest: number;
}

const TITLES: Readonly<Record<string, string>> = {
  cpu_usage: 'CPU',
  memory_footprint: 'Memory',
  event_loop_delay: 'Loop delay',
};
/** The known ones first, in this order. */
const ORDER = Object.keys(TITLES);

const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

export function seriesLines({ series }: SeriesAnswer): SeriesLines[] {
  const names = [...new Set(series.map(({ name }) => name))].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  return names.map((name) => {
    const lines = series.filter((each) => each.name === name);
    const times = [...new Set(lines.flatMap(({ timesMs }) => timesMs))].sort((a, b) => a - b);
    const values = lines.map(({ timesMs, values }) => {
      const at = new Map(timesMs.map((time, index) => [time, values[index] ?? null]));
      return times.map((time) => at.get(time) ?? null);
    });
    return {
      name,
      title: TITLES[name] ?? name,
      columns: [times.map((time) => time / 1000), ...values],
      sessions: lines.map(({ session }) => session),
      format: formatOf(lines[0]?.unit ?? ''),
      highest: lines.flatMap((line) => line.values).reduce((most, value) => Math.max(most, value), 0),
    };
  });
}

function formatOf(unit: string): (value: number) => string {
  if (unit === 'percent') return (value) => `${value.toFixed(0)}%`;
  if (unit === 'byte') return formatBytes;
  const perMs: Record<string, number> = { nanosecond: 1e6, ns: 1e6, microsecond: 1e3, millisecond: 1, second: 1e-3 };
  const divisor = perMs[unit];
  if (divisor !== undefined) return (value) => formatDuration(value / divisor);
  return (value) => `${value.toPrecision(3)} ${unit}`;
}
