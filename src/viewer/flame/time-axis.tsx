import { formatDuration } from '../model/format.ts';

interface TimeAxisProps {
  /** Microseconds since the chart's beginning. */
  left: number;
  right: number;
}

const TICKS = 8;

/** Times above a flame chart, since its beginning. */
export function TimeAxis({ left, right }: TimeAxisProps) {
  const width = right - left;
  const step = roundStep(width / TICKS);
  const ticks: number[] = [];
  for (let at = Math.ceil(left / step) * step; at < right && ticks.length <= 2 * TICKS; at += step) ticks.push(at);
  return (
    <div className="axis" aria-hidden="true">
      {ticks.map((at) => (
        <span key={at} style={{ left: `${((at - left) / width) * 100}%` }}>
          {formatDuration(at / 1000)}
        </span>
      ))}
    </div>
  );
}

/** The next 1, 2 or 5 times a power of ten. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
}
