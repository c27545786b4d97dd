import { Link } from 'wouter';
import type { RequestRow } from '../../collector/api-trace-types.ts';
import { formatDayTime, formatMs } from '../model/format.ts';
import { useHref } from '../state/query-state.ts';
import { type Column, DataTable } from './data-table.tsx';

interface RequestTableProps {
  requests: readonly RequestRow[];
  sort: string | null;
  onSort(sort: string): void;
}

export function RequestTable({ requests, sort, onSort }: RequestTableProps) {
  const href = useHref();
  const columns: Column<RequestRow>[] = [
    {
      id: 'name',
      title: 'Request',
      cell: ({ name, traceId, spanId }) => (
        <Link href={href(`/trace/${encodeURIComponent(traceId)}`, { span: spanId })} className="mono">
          {name}
        </Link>
      ),
      sortBy: ({ name }) => name,
    },
    {
      id: 'start',
      title: 'Start',
      wideOnly: true,
      cell: ({ startMs }) => formatDayTime(startMs),
      sortBy: ({ startMs }) => startMs,
    },
    {
      id: 'duration',
      title: 'Duration, ms',
      isNumber: true,
      cell: ({ durationMs }) => formatMs(durationMs),
      sortBy: ({ durationMs }) => durationMs,
    },
    {
      id: 'cpu',
      title: 'CPU, ms',
      isNumber: true,
      cell: ({ cpuMs }) => (cpuMs === null ? <span title="No profiler watched it">–</span> : formatMs(cpuMs)),
      sortBy: ({ cpuMs }) => cpuMs,
    },
    {
      id: 'thread',
      title: 'Thread',
      wideOnly: true,
      cell: ({ thread }) => thread,
      sortBy: ({ thread }) => thread,
    },
    {
      id: 'trace',
      title: 'Trace',
      wideOnly: true,
      cell: ({ traceId }) => <span className="mono muted">{traceId.slice(0, 8)}</span>,
    },
  ];
  return (
    <DataTable
      label="Requests"
      columns={columns}
      rows={requests}
      keyOf={({ traceId, spanId }) => `${traceId}${spanId}`}
      sort={sort}
      defaultSort="cpu"
      onSort={onSort}
    />
  );
}
