import { useMemo, useState } from 'react';
import type { SeriesAnswer, SeriesMarker } from '../../collector/api-profile-types.ts';
import { formatInteger } from '../model/format.ts';
import { useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';
import { DropMarks } from './drop-marks.tsx';
import { seriesLines } from './series-lines.ts';
import { TimeChart } from './time-chart.tsx';
import type { TimeWindow } from './time-window.ts';

interface TimePanelProps {
  query: string;
  /** What the flame chart below shows of the time; `null`: it is not there. */
  window: TimeWindow | null;
  onBrush(window: TimeWindow): void;
}

/** CPU, memory and event-loop delay over time, all brushed together with each other and with the flame chart. */
export function TimePanel({ query, window, onBrush }: TimePanelProps) {
  const [state, change] = useQueryState();
  const { data } = useAnswer<SeriesAnswer>('series', `${query}${query === '' ? '' : '&'}points=600`);
  const charts = useMemo(() => (data === undefined ? [] : seriesLines(data)), [data]);
  const [cursorMs, setCursor] = useState<number | null>(null);
  if (data === undefined || charts.length === 0) return null;
  const isNarrowed = state.has('from') || state.has('to');
  const range = { fromMs: data.fromMs, toMs: data.toMs };
  const count = (kind: SeriesMarker['kind']): number => data.markers.filter((marker) => marker.kind === kind).length;
  const [chunks, gaps] = [count('chunk'), count('gap')];
  const drops = data.markers.filter(({ kind }) => kind === 'drop');
  return (
    <section className="panel time-panel" aria-label="Over time">
      <div className="charts">
        {drops.length > 0 && <DropMarks drops={drops} range={range} />}
        {charts.map((lines) => (
          <TimeChart
            key={lines.name}
            lines={lines}
            markers={data.markers}
            range={range}
            window={window}
            onBrush={onBrush}
            cursorMs={cursorMs}
            onCursor={setCursor}
          />
        ))}
      </div>
      <div className="flame-foot">
        <span>
          Drag to select a time range · {formatInteger(chunks)} {chunks === 1 ? 'chunk' : 'chunks'}
          {gaps > 0 && `, ${formatInteger(gaps)} ${gaps === 1 ? 'gap' : 'gaps'} without samples`}
          {drops[0] !== undefined && ` · ${drops[0].detail}`}
          {drops.length > 1 && `, and ${formatInteger(drops.length - 1)} more`}
        </span>
        {isNarrowed && (
          <button type="button" className="button plain" onClick={() => change({ from: null, to: null, zoom: null })}>
            Show all time
          </button>
        )}
      </div>
    </section>
  );
}
