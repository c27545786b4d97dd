import { Link } from 'wouter';
import type { SessionRow, SessionsAnswer } from '../../collector/api-profile-types.ts';
import { formatDayTime, formatDuration, formatInteger } from '../model/format.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { useHref, useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';
import { ImportPanel } from './import-panel.tsx';

const KINDS = { continuous: 'Continuous', transaction: 'Transaction', import: 'Imported' } as const;

/** Every profiler session that is stored, whatever SDK it is from, and the way to bring in files. */
export function SessionsPage() {
  const [query, change] = useQueryState();
  const href = useHref();
  const { data, error, refresh } = useAnswer<SessionsAnswer>('sessions', 'limit=500', 10_000);
  const columns: Column<SessionRow>[] = [
    {
      id: 'session',
      title: 'Session',
      cell: ({ session, name }) => (
        <Link href={href('/profile', { session })} className={name === null ? 'mono' : ''}>
          {name ?? session.slice(0, 12)}
        </Link>
      ),
      sortBy: ({ name, session }) => name ?? session,
    },
    { id: 'kind', title: 'Kind', cell: ({ kind }) => KINDS[kind], sortBy: ({ kind }) => kind, wideOnly: true },
    { id: 'platform', title: 'Platform', cell: ({ platform }) => platform, sortBy: ({ platform }) => platform },
    { id: 'sdk', title: 'SDK', cell: ({ sdk }) => sdk ?? '–', sortBy: ({ sdk }) => sdk, wideOnly: true },
    {
      id: 'release',
      title: 'Release',
      cell: ({ release }) => release || '–',
      sortBy: ({ release }) => release,
      wideOnly: true,
    },
    { id: 'start', title: 'Start', cell: ({ startMs }) => formatDayTime(startMs), sortBy: ({ startMs }) => startMs },
    {
      id: 'length',
      title: 'Length',
      isNumber: true,
      cell: ({ startMs, endMs }) => formatDuration(endMs - startMs),
      sortBy: ({ startMs, endMs }) => endMs - startMs,
    },
    {
      id: 'chunks',
      title: 'Chunks',
      isNumber: true,
      wideOnly: true,
      cell: ({ chunks }) => formatInteger(chunks),
      sortBy: ({ chunks }) => chunks,
    },
  ];
  return (
    <>
      <div className="page-head">
        <h1>Profiler sessions</h1>
      </div>
      <ImportPanel onImported={refresh} />
      <ErrorNotice error={error} />
      {data !== undefined && (
        <section className="panel" aria-label="Sessions">
          <DataTable
            label="Profiler sessions"
            columns={columns}
            rows={data.sessions}
            keyOf={({ session }) => session}
            sort={query.get('sort')}
            defaultSort="start"
            onSort={(sort) => change({ sort }, 'replace')}
          />
          {data.sessions.length === 0 && <Notice>No profile is stored yet.</Notice>}
          {data.more > 0 && <p className="flame-foot">and {formatInteger(data.more)} older ones</p>}
        </section>
      )}
    </>
  );
}
