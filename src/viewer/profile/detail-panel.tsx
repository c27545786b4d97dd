import { useMemo } from 'react';
import { formatDuration, formatInteger, formatPosition, formatShare } from '../model/format.ts';
import { frameRow } from '../model/frame-table.ts';
import { type Neighbour, neighbours } from '../model/function-table.ts';
import { KIND_NAMES } from '../model/shown-kind.ts';
import { FunctionName } from '../parts/function-name.tsx';
import type { Profile } from './profile.ts';
import { SourceLines } from './source-lines.tsx';

interface DetailPanelProps {
  profile: Profile;
  /** -1: none is selected. */
  frame: number;
  requests: number;
  onFrame(frame: number): void;
}

/** The selected function: what it cost, where it is, who called it and what it called. */
export function DetailPanel({ profile, frame, requests, onFrame }: DetailPanelProps) {
  const { tree, frames, functions, knowsRuns } = profile;
  const around = useMemo(() => (frame < 0 ? null : neighbours(tree, frames.size, frame)), [tree, frames, frame]);
  if (around === null) {
    return (
      <aside className="panel detail" aria-label="Selected function">
        <h2>{formatDuration(tree.weight / 1000)} in all</h2>
        <dl className="facts">
          {requests > 0 && <Fact name="Requests" value={formatInteger(requests)} />}
          {requests > 0 && <Fact name="Per request" value={formatDuration(tree.weight / 1000 / requests)} />}
        </dl>
        <p className="muted">Select a function to see its callers, callees and position.</p>
      </aside>
    );
  }
  const row = frameRow(frames, frame);
  const [self, total] = [functions.self[frame] as number, functions.total[frame] as number];
  return (
    <aside className="panel detail" aria-label="Selected function">
      <h2>{row.name}</h2>
      <p className="muted mono">{formatPosition(row.file, row.line, row.column)}</p>
      <dl className="facts">
        <Fact name="Self" value={`${formatDuration(self / 1000)} · ${formatShare(self / tree.weight)}`} />
        <Fact name="Total" value={`${formatDuration(total / 1000)} · ${formatShare(total / tree.weight)}`} />
        {requests > 0 && <Fact name="Total per request" value={formatDuration(total / 1000 / requests)} />}
        {knowsRuns && (
          <Fact
            name="Runs"
            hint="Runs of consecutive samples on the same stack: how often it was seen to begin"
            value={formatInteger(functions.runs[frame] as number)}
          />
        )}
        <Fact name="Code" value={KIND_NAMES[row.kind]} />
      </dl>
      <SourceLines {...row} />
      <Neighbours title="Called by" list={around.callers} profile={profile} onFrame={onFrame} />
      <Neighbours title="Calls" list={around.callees} profile={profile} onFrame={onFrame} />
    </aside>
  );
}

const Fact = ({ name, value, hint }: { name: string; value: string; hint?: string }) => (
  <div title={hint}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

const MOST = 12;

interface NeighboursProps {
  title: string;
  list: readonly Neighbour[];
  profile: Profile;
  onFrame(frame: number): void;
}

function Neighbours({ title, list, profile, onFrame }: NeighboursProps) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {list.length === 0 && <p className="muted">Nothing that was sampled.</p>}
      <ul className="neighbours">
        {list.slice(0, MOST).map(({ frame, weight }) => (
          <li key={frame}>
            <button type="button" disabled={frame < 0} onClick={() => onFrame(frame)}>
              {frame < 0 ? (
                <span className="muted">nobody: a root</span>
              ) : (
                <FunctionName {...frameRow(profile.frames, frame)} />
              )}
              <span>{formatDuration(weight / 1000)}</span>
            </button>
          </li>
        ))}
      </ul>
      {list.length > MOST && <p className="muted">and {list.length - MOST} more</p>}
    </section>
  );
}
