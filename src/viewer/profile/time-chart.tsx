import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import type { SeriesMarker } from '../../collector/api-profile-types.ts';
import { formatTime } from '../model/format.ts';
import { useIsDark } from '../state/theme.ts';
import { drawMarkers, drawWindow } from './draw-markers.ts';
import type { SeriesLines } from './series-lines.ts';
import type { TimeWindow } from './time-window.ts';

const HEIGHT = 56;
/** Of lines, when there are several sessions; told apart by every kind of colour vision. */
const STROKES = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

interface TimeChartProps {
  lines: SeriesLines;
  markers: readonly SeriesMarker[];
  range: TimeWindow;
  window: TimeWindow | null;
  onBrush(window: TimeWindow): void;
  cursorMs: number | null;
  onCursor(ms: number | null): void;
}

export function TimeChart(props: TimeChartProps) {
  const { lines, markers, range, window, cursorMs } = props;
  const isDark = useIsDark();
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(null);
  const latest = useRef(props);
  latest.current = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is in the colours; the rest is read when it is drawn
  useEffect(() => {
    const parent = element.current;
    if (parent === null) return;
    const style = getComputedStyle(parent);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const created = new UPlot(
      {
        width: parent.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        padding: [4, 0, 2, 0],
        cursor: {
          sync: { key: 'time' },
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false },
        },
        scales: {
          x: { time: true, range: () => [latest.current.range.fromMs / 1000, latest.current.range.toMs / 1000] },
          y: { range: (_, __, most) => [0, Math.max(most ?? 0, Number.EPSILON)] },
        },
        axes: [{ show: false }, { show: false }],
        series: [
          {},
          ...lines.sessions.map((_, index) => ({
            stroke: STROKES[index % STROKES.length] as string,
            width: 1.25,
            fill: lines.sessions.length === 1 ? `${STROKES[0]}22` : undefined,
            points: { show: false },
            spanGaps: true,
          })),
        ] as UPlot.Series[],
        hooks: {
          draw: [
            (at) => drawMarkers(at, latest.current.markers, { chunk: colour('--line-strong'), drop: colour('--bad') }),
            (at) => drawWindow(at, latest.current.window, colour('--page')),
          ],
          setSelect: [
            (at) => {
              const { left, width } = at.select;
              if (width < 4) return;
              const [from, to] = [at.posToVal(left, 'x'), at.posToVal(left + width, 'x')];
              at.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              latest.current.onBrush({ fromMs: from * 1000, toMs: to * 1000 });
            },
          ],
          setCursor: [
            ({ cursor, posToVal }) => {
              const { left = -1 } = cursor;
              latest.current.onCursor(left < 0 ? null : posToVal(left, 'x') * 1000);
            },
          ],
        },
      },
      lines.columns as UPlot.AlignedData,
      parent,
    );
    plot.current = created;
    const resize = new ResizeObserver(([entry]) => {
      if (entry !== undefined) created.setSize({ width: Math.max(1, entry.contentRect.width), height: HEIGHT });
    });
    resize.observe(parent);
    return () => {
      resize.disconnect();
      created.destroy();
    };
  }, [lines, isDark]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn anew is these
  useEffect(() => plot.current?.redraw(false), [window, markers, range]);

  const said = cursorMs === null ? null : valueAt(lines, cursorMs);
  return (
    <div className="chart-row">
      <div className="chart-name">
        {lines.title} <strong>{said === null ? `max ${lines.format(lines.highest)}` : lines.format(said)}</strong>
        {cursorMs !== null && <span className="muted">{formatTime(cursorMs)}</span>}
      </div>
      <div
        ref={element}
        className="chart"
        role="img"
        aria-label={`${lines.title} from ${formatTime(range.fromMs)} to ${formatTime(range.toMs)}, at most ${lines.format(lines.highest)}`}
      />
    </div>
  );
}

/** The highest of all sessions at the last time that was measured before. */
function valueAt({ columns }: SeriesLines, ms: number): number | null {
  const [times, ...values] = columns;
  let index = times.findIndex((time) => time * 1000 > ms);
  if (index === -1) index = times.length;
  for (let at = index - 1; at >= 0; at--) {
    const known = values.flatMap((column) => column[at] ?? []);
    if (known.length > 0) return Math.max(...known);
  }
  return null;
}
