import { useMemo, useRef, useState } from 'react';
import type { TreeAnswer } from '../../collector/api-profile-types.ts';
import { findFrame, frameKey, searchFrames } from '../model/frame-table.ts';
import { AttributionNote } from '../parts/attribution-note.tsx';
import { FilterBar } from '../parts/filter-bar.tsx';
import { ErrorNotice, Hint, Notice } from '../parts/notice.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { apiQuery } from '../state/filter.ts';
import { useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';
import { useSearchKey } from '../state/use-search-key.ts';
import { DetailPanel } from './detail-panel.tsx';
import { ExportMenu } from './export-menu.tsx';
import { FilterChips } from './filter-chips.tsx';
import { profileOf, type Weight } from './profile.ts';
import { SearchBox } from './search-box.tsx';
import { type ProfileTab, TABS, TabBar } from './tab-bar.tsx';
import { TabContent } from './tab-content.tsx';
import { ThreadChoice } from './thread-choice.tsx';
import { TimePanel } from './time-panel.tsx';
import type { TimeWindow } from './time-window.ts';

const WEIGHTS: readonly (readonly [Weight, string])[] = [
  ['cpu', 'CPU time'],
  ['wall', 'Wall time'],
];

/** One profile from all sides: of a route, a time range, a session, a trace or a span, whatever the address says. */
export function ProfilePage() {
  const [query, change] = useQueryState();
  const { data, error } = useAnswer<TreeAnswer>('tree', apiQuery(query));
  const weight: Weight = query.get('weight') === 'wall' ? 'wall' : 'cpu';
  const hideFramework = query.get('hide') === 'framework';
  const tab = TABS.find(({ id }) => id === query.get('tab'))?.id ?? 'graph';
  const search = query.get('q') ?? '';
  const searchBox = useRef<HTMLInputElement>(null);
  useSearchKey(searchBox);
  const [shown, setShown] = useState<TimeWindow | null>(null);
  const [wanted, setWanted] = useState<TimeWindow | null>(null);

  const profile = useMemo(() => data && profileOf(data, weight, hideFramework), [data, weight, hideFramework]);
  const matches = useMemo(() => profile && searchFrames(profile.frames, search), [profile, search]);
  const frameName = query.get('frame');
  const frame = useMemo(() => (profile ? findFrame(profile.frames, frameName) : -1), [profile, frameName]);
  const chooseFrame = (next: number) =>
    change({ frame: profile && next >= 0 ? frameKey(profile.frames, next) : null }, 'replace');

  const brush = (window: TimeWindow): void => {
    if (tab === 'chart') setWanted(window);
    else change({ from: Math.floor(window.fromMs), to: Math.ceil(window.toMs), last: null, zoom: null });
  };

  return (
    <>
      <div className="page-head">
        <div>
          <h1 className={query.has('route') ? 'mono' : ''}>{query.get('route') ?? 'All CPU time'}</h1>
          <FilterChips />
        </div>
        <div className="controls">
          <FilterBar />
          <ThreadChoice />
          <ExportMenu weight={weight} />
        </div>
      </div>
      <ErrorNotice error={error} />
      {data !== undefined && data.prunedNodes > 0 && (
        <Hint>{data.prunedNodes} small nodes are summed up as “(pruned)”. Narrow the time range to see them.</Hint>
      )}
      <TimePanel query={apiQuery(query)} window={tab === 'chart' ? shown : null} onBrush={brush} />
      <div className="profile">
        <section className="panel" aria-label="Profile">
          <div className="panel-head">
            <TabBar
              tab={tab}
              onChange={(next: ProfileTab) => change({ tab: next === 'graph' ? null : next, zoom: null, sort: null })}
            />
            {data !== undefined && <AttributionNote answer={data} />}
          </div>
          <div className="panel-head">
            <div className="controls">
              <Segmented
                label="Weight"
                options={WEIGHTS}
                value={weight}
                onChange={(next) => change({ weight: next === 'cpu' ? null : next, zoom: null })}
              />
              <label className="field">
                <input
                  type="checkbox"
                  checked={hideFramework}
                  onChange={({ target }) => change({ hide: target.checked ? 'framework' : null, zoom: null })}
                />
                Hide framework frames
              </label>
            </div>
            {profile && <SearchBox profile={profile} matches={matches ?? null} ref={searchBox} />}
          </div>
          {profile === undefined || data === undefined ? (
            error === undefined && <Notice>Loading…</Notice>
          ) : (
            <TabContent
              tab={tab}
              profile={profile}
              matches={matches ?? null}
              weight={weight}
              frame={frame}
              onFrame={chooseFrame}
              wanted={wanted}
              onWindow={setShown}
            />
          )}
        </section>
        {profile && (
          <DetailPanel profile={profile} frame={frame} requests={data?.requests ?? 0} onFrame={chooseFrame} />
        )}
      </div>
    </>
  );
}
