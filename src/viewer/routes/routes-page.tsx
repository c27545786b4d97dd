import { useState } from 'react';
import { Link } from 'wouter';
import type { RouteRow, RoutesAnswer } from '../../collector/api-types.ts';
import { formatDuration, formatInteger, formatMs } from '../model/format.ts';
import { AttributionNote } from '../parts/attribution-note.tsx';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { FilterBar } from '../parts/filter-bar.tsx';
import { FunctionName } from '../parts/function-name.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { Share } from '../parts/share.tsx';
import { Sparkline } from '../parts/sparkline.tsx';
import { apiQuery } from '../state/filter.ts';
import { useHref, useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';
import { FirstSteps } from './first-steps.tsx';
import { RemainderRows } from './remainder-rows.tsx';

const REFRESH_MS = 3_000;

/** The first page: which routes burn the CPU. */
export function RoutesPage() {
  const [query, change] = useQueryState();
  const [isLive, setLive] = useState(true);
  const href = useHref();
  const { data, error } = useAnswer<RoutesAnswer>('routes', apiQuery(query), isLive ? REFRESH_MS : 0);
  const search = query.get('q') ?? '';
  if (data === undefined) return error === undefined ? <Notice>Loading…</Notice> : <ErrorNotice error={error} />;
  const isEmpty = data.requests === 0 && data.cpuMs === 0;
  const isNarrowed = apiQuery(query) !== '';
  if (isEmpty && !isNarrowed) return <FirstSteps />;
  const rows = data.routes.filter(({ route }) => route.toLowerCase().includes(search.toLowerCase()));
  return (
    <>
      <div className="page-head">
        <h1>CPU by route</h1>
        <div className="controls">
          <input
            type="search"
            placeholder="Filter routes"
            aria-label="Filter routes"
            value={search}
            onChange={({ target }) => change({ q: target.value }, 'replace')}
          />
          <FilterBar />
          <button type="button" className="button" aria-pressed={isLive} onClick={() => setLive(!isLive)}>
            <span className={isLive ? 'live-dot on' : 'live-dot'} aria-hidden="true" />
            {isLive ? 'Live' : 'Paused'}
          </button>
        </div>
      </div>
      <ErrorNotice error={error} />
      <Summary answer={data} />
      <section className="panel" aria-label="Routes">
        <DataTable
          label="CPU by route"
          columns={columnsWith((parameters) => href('/profile', parameters))}
          rows={rows}
          keyOf={({ route }) => route}
          sort={query.get('sort')}
          defaultSort="cpu"
          onSort={(sort) => change({ sort }, 'replace')}
          foot={<RemainderRows answer={data} />}
        />
        {rows.length === 0 && <Notice>{isEmpty ? 'Nothing was received in this range.' : 'No route matches.'}</Notice>}
      </section>
    </>
  );
}

function Summary({ answer }: { answer: RoutesAnswer }) {
  const { requests, profiledRequests, pendingRequests, fallbackChunks, cpuMs } = answer;
  return (
    <div className="summary">
      <dl className="facts">
        <Fact name="Requests" value={formatInteger(requests)} />
        <Fact name="Profiled" value={formatInteger(profiledRequests)} />
        {pendingRequests > 0 && <Fact name="On their way" value={formatInteger(pendingRequests)} />}
        <Fact name="CPU" value={formatDuration(cpuMs)} />
        {fallbackChunks > 0 && <Fact name="Profiles without our binary" value={formatInteger(fallbackChunks)} />}
      </dl>
      <AttributionNote answer={answer} />
    </div>
  );
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

const columnsWith = (profileHref: (parameters: Record<string, string>) => string): Column<RouteRow>[] => [
  {
    id: 'route',
    title: 'Route',
    cell: ({ route }) => (
      <Link href={profileHref({ route })} className="mono">
        {route}
      </Link>
    ),
    sortBy: ({ route }) => route,
  },
  {
    id: 'requests',
    title: 'Requests',
    isNumber: true,
    cell: ({ requests }) => formatInteger(requests),
    sortBy: ({ requests }) => requests,
  },
  ...perRequest(),
  {
    id: 'cpu',
    title: 'CPU, ms',
    isNumber: true,
    cell: ({ cpuMs }) => formatMs(cpuMs),
    sortBy: ({ cpuMs }) => cpuMs,
  },
  {
    id: 'share',
    title: 'Share',
    isNumber: true,
    cell: ({ share }) => <Share value={share} />,
    sortBy: ({ share }) => share,
  },
  {
    id: 'top',
    title: 'Top function by self time',
    className: 'fill',
    cell: ({ topFunction }) => (topFunction === null ? null : <FunctionName {...topFunction} />),
    wideOnly: true,
  },
  {
    id: 'trend',
    title: 'CPU over time',
    cell: ({ route, series }) => <Sparkline values={series} label={`CPU of ${route} over time`} />,
    wideOnly: true,
  },
];

function perRequest(): Column<RouteRow>[] {
  const figures = [
    ['mean', 'CPU/req, ms', 'Mean CPU time of a request'],
    ['p50', 'p50', 'Half of the requests used at most this much CPU, milliseconds'],
    ['p95', 'p95', '95 % of the requests used at most this much CPU, milliseconds'],
  ] as const;
  return figures.map(([id, title, hint]) => ({
    id,
    title,
    hint,
    isNumber: true,
    wideOnly: id !== 'mean',
    cell: ({ cpuMsPerRequest }) => (cpuMsPerRequest === null ? '–' : formatMs(cpuMsPerRequest[id])),
    sortBy: ({ cpuMsPerRequest }) => cpuMsPerRequest?.[id] ?? null,
  }));
}
