import type { TimelineThread } from '../../collector/api-profile-types.ts';
import { formatDuration } from '../model/format.ts';

interface LaneChoiceProps {
  threads: readonly TimelineThread[];
  value: TimelineThread | undefined;
  onChange(lane: string): void;
}

const nameOf = ({ session, thread }: TimelineThread): string => `${session}:${thread}`;

/** Which thread or lane the chart shows, with the CPU time of each. */
export function LaneChoice({ threads, value, onChange }: LaneChoiceProps) {
  const sessions = new Set(threads.map(({ session }) => session)).size;
  return (
    <label className="field">
      <span>Thread</span>
      <select value={value && nameOf(value)} onChange={({ target }) => onChange(target.value)}>
        {threads.map((each) => (
          <option key={nameOf(each)} value={nameOf(each)}>
            {each.name} — {formatDuration(each.cpuMs)}
            {sessions > 1 && ` · session ${each.session.slice(0, 8)}`}
          </option>
        ))}
      </select>
      <span>of {threads.length}</span>
    </label>
  );
}
