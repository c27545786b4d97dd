import type { SeriesMarker } from '../../collector/api-profile-types.ts';
import { formatTime } from '../model/format.ts';
import type { TimeWindow } from './time-window.ts';

interface DropMarksProps {
  drops: readonly SeriesMarker[];
  range: TimeWindow;
}

/** What was sampled and did not arrive, as a row above the charts, on their axis of time. */
export function DropMarks({ drops, range }: DropMarksProps) {
  const percentAt = (ms: number): number => {
    const share = (ms - range.fromMs) / Math.max(1, range.toMs - range.fromMs);
    return 100 * Math.min(1, Math.max(0, share));
  };
  return (
    <div className="chart-row">
      <div className="chart-name">Lost</div>
      <ul className="drops" aria-label="Lost samples">
        {drops.map((drop) => {
          const { timeMs, untilMs, detail } = drop;
          const words = `${formatTime(timeMs)} to ${formatTime(untilMs)}: ${detail}`;
          const style = { left: `${percentAt(timeMs)}%`, right: `${100 - percentAt(untilMs)}%` };
          return (
            <li key={`${drop.session} ${timeMs} ${detail}`} title={words} style={style}>
              <span className="hidden-text">{words}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
