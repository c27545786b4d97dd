import { useEffect, useMemo, useRef, useState } from 'react';
import type { TimelineAnswer } from '../../collector/api-profile-types.ts';
import { FlameCanvas, type FlameCanvasHandle } from '../flame/flame-canvas.tsx';
import { flameChartBoxes } from '../flame/flame-chart-boxes.ts';
import { TimeAxis } from '../flame/time-axis.tsx';
import { formatDuration, formatTime } from '../model/format.ts';
import { findFrame, frameKey, frameRow, frameTable, searchFrames } from '../model/frame-table.ts';
import { ErrorNotice, Hint, Notice } from '../parts/notice.tsx';
import { apiQuery } from '../state/filter.ts';
import { useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';
import { FlameFoot } from './flame-foot.tsx';
import { linesOf } from './frame-lines.ts';
import { LaneStrip, laneName } from './lane-strip.tsx';
import type { TabProps } from './tab-props.ts';
import type { TimeWindow } from './time-window.ts';
import { useZoom } from './use-zoom.ts';

interface ChartTabProps extends Pick<TabProps, 'profile' | 'frame' | 'onFrame'> {
  /** A window to look at, chosen elsewhere. */
  wanted: TimeWindow | null;
  onWindow(window: TimeWindow): void;
}

/** The samples of one thread or lane in the order of time. */
export function ChartTab(props: ChartTabProps) {
  const [query] = useQueryState();
  const { data, error } = useAnswer<TimelineAnswer>('timeline', apiQuery(query));
  if (data === undefined) return error === undefined ? <Notice>Loading…</Notice> : <ErrorNotice error={error} />;
  if (data.threads.length === 0) return <Notice>No samples in this selection.</Notice>;
  return <Chart {...props} timeline={data} />;
}

function Chart({ timeline, profile, frame, onFrame, wanted, onWindow }: ChartTabProps & { timeline: TimelineAnswer }) {
  const [query, change] = useQueryState();
  const { fromMs, toMs, threads, stacks } = timeline;
  const lane = query.get('lane');
  const thread = threads.find((each) => laneName(each) === lane) ?? threads[0];
  const extent = Math.max(1, (toMs - fromMs) * 1000);
  const frames = useMemo(() => frameTable(timeline.frames), [timeline]);
  const boxes = useMemo(() => {
    const { timeMicros = [], wallMicros = [], stack = [] } = thread?.samples ?? {};
    return flameChartBoxes({ timeMicros, wallMicros, stack }, stacks, extent);
  }, [thread, stacks, extent]);
  const search = query.get('q') ?? '';
  const faces = useMemo(
    () => ({ label: frames.name, kind: frames.kind, matches: searchFrames(frames, search) }),
    [frames, search],
  );
  const [selected, setSelected] = useState(-1);
  const { view, onView } = useZoom(extent);
  const [seen, setSeen] = useState({ left: 0, right: extent });
  const canvas = useRef<FlameCanvasHandle>(null);
  useEffect(() => {
    if (wanted !== null) canvas.current?.look((wanted.fromMs - fromMs) * 1000, (wanted.toMs - fromMs) * 1000);
  }, [wanted, fromMs]);
  // The two answers number their frames differently.
  const here = frame < 0 ? -1 : findFrame(frames, frameKey(profile.frames, frame));
  const box = selected >= 0 && selected < boxes.size && boxes.frame[selected] === here ? selected : -1;
  return (
    <>
      {timeline.truncatedSamples > 0 && (
        <Hint>
          The first samples, until {formatTime(toMs)}, of more than can be drawn. Select a time range above to see the
          rest.
        </Hint>
      )}
      <LaneStrip
        threads={threads}
        chosen={thread}
        left={seen.left}
        right={seen.right}
        onChoose={(next) => change({ lane: laneName(next) })}
      />
      <div className="panel-head">
        <h2>{thread?.name}</h2>
        <span className="muted">
          {formatTime(fromMs + seen.left / 1000)} · {formatDuration((seen.right - seen.left) / 1000)}
        </span>
      </div>
      <TimeAxis left={seen.left} right={seen.right} />
      <FlameCanvas
        ref={canvas}
        label={`Flame chart of ${thread?.name ?? 'no thread'}`}
        boxes={boxes}
        faces={faces}
        selected={box}
        onSelect={(next) => {
          setSelected(next);
          const of = next < 0 ? -1 : (boxes.frame[next] as number);
          onFrame(of < 0 ? -1 : findFrame(profile.frames, frameKey(frames, of)));
        }}
        wordsFor={(next) => ({
          title: frames.name[boxes.frame[next] as number] ?? '',
          lines: [
            `${formatDuration(((boxes.end[next] as number) - (boxes.start[next] as number)) / 1000)} at ${formatTime(
              fromMs + (boxes.start[next] as number) / 1000,
            )}`,
            ...linesOf(frameRow(frames, boxes.frame[next] as number)),
          ],
        })}
        view={view}
        onView={(at) => {
          onView(at);
          if (at.left === seen.left && at.right === seen.right) return;
          setSeen(at);
          onWindow({ fromMs: fromMs + at.left / 1000, toMs: fromMs + at.right / 1000 });
        }}
      >
        <FlameFoot frames={frames} />
      </FlameCanvas>
    </>
  );
}
