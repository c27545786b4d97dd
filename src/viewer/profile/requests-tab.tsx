import type { RequestRow, RequestsAnswer } from '../../collector/api-trace-types.ts';
import { formatInteger } from '../model/format.ts';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { RequestTable } from '../parts/request-table.tsx';
import { apiQuery } from '../state/filter.ts';
import { useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';

/** The requests behind a profile, which lead to their traces. */
export function RequestsTab() {
  const [query, change] = useQueryState();
  const sort = query.get('sort') ?? 'cpu';
  const { data, error } = useAnswer<RequestsAnswer>(
    'requests',
    apiQuery(query, { sort: serverSort(sort), limit: 200 }),
  );
  if (data === undefined) return error === undefined ? <Notice>Loading…</Notice> : <ErrorNotice error={error} />;
  if (data.requests.length === 0) return <Notice>No request in this selection.</Notice>;
  return (
    <>
      <RequestTable
        requests={data.requests satisfies RequestRow[]}
        sort={sort}
        onSort={(next) => change({ sort: next }, 'replace')}
      />
      {data.more > 0 && (
        <p className="flame-foot">
          {formatInteger(data.requests.length)} of {formatInteger(data.requests.length + data.more)} requests
        </p>
      )}
    </>
  );
}

/** Which requests are the first ones is the collector's to say; it knows these three orders. */
function serverSort(sort: string): string {
  const [column = ''] = sort.split('.');
  return ['cpu', 'duration', 'start'].includes(column) ? column : 'cpu';
}
