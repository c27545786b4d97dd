import { useEffect, useRef } from 'react';
import type { TimelineThread } from '../../collector/api-profile-types.ts';
import { flameTheme } from '../flame/theme.ts';
import { formatDuration } from '../model/format.ts';
import { useIsDark } from '../state/theme.ts';

interface LaneStripProps {
  threads: readonly TimelineThread[];
  chosen: TimelineThread | undefined;
  /** Microseconds since the answer's beginning that are seen in the chart. */
  left: number;
  right: number;
  onChoose(thread: TimelineThread): void;
}

export const laneName = ({ session, thread }: TimelineThread): string => `${session}:${thread}`;

/** Threads and lanes, each with its CPU time and when it was at work, in step with the chart; one is chosen. */
export function LaneStrip({ threads, chosen, left, right, onChoose }: LaneStripProps) {
  const sessions = new Set(threads.map(({ session }) => session)).size;
  return (
    <fieldset className="lanes" aria-label="Threads and lanes">
      {threads.map((thread) => (
        <button
          type="button"
          key={laneName(thread)}
          aria-pressed={thread === chosen}
          onClick={() => onChoose(thread)}
          title={`Session ${thread.session}`}
        >
          <span className="lane-name">
            {thread.name}
            {sessions > 1 && <span className="muted"> {thread.session.slice(0, 4)}</span>}
          </span>
          <span className="number">{formatDuration(thread.cpuMs)}</span>
          <Activity thread={thread} left={left} right={right} />
        </button>
      ))}
    </fieldset>
  );
}

function Activity({ thread, left, right }: { thread: TimelineThread; left: number; right: number }) {
  const isDark = useIsDark();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context === null || context === undefined) return;
    const { width, height } = element;
    context.clearRect(0, 0, width, height);
    context.fillStyle = flameTheme(isDark).boxes.next.fill;
    const { timeMicros, wallMicros, stack } = thread.samples;
    const scale = width / (right - left);
    let painted = -1;
    for (let index = 0; index < timeMicros.length; index++) {
      if ((stack[index] as number) < 0) continue;
      const from = ((timeMicros[index] as number) - left) * scale;
      const to = from + Math.max(1, (wallMicros[index] as number) * scale);
      if (to < 0 || from > width || to <= painted) continue;
      context.fillRect(from, 0, to - from, height);
      painted = to;
    }
  }, [thread, left, right, isDark]);
  return <canvas ref={canvas} width={1600} height={5} />;
}
