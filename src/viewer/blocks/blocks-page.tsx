import { Link } from 'wouter';
import type { BlockRow, BlocksAnswer } from '../../collector/api-trace-types.ts';
import { formatDayTime, formatInteger, formatMs } from '../model/format.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { FilterBar } from '../parts/filter-bar.tsx';
import { FunctionName } from '../parts/function-name.tsx';
import { ErrorNotice, Hint, Notice } from '../parts/notice.tsx';
import { apiQuery } from '../state/filter.ts';
import { useHref, useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';

const keyOf = ({ session, spanId, startMs }: BlockRow): string => `${session}-${spanId}-${startMs}`;

/** Who made everyone else slow: the longest uninterrupted runs of one request on the event loop. */
export function BlocksPage() {
  const [query, change] = useQueryState();
  const { data, error } = useAnswer<BlocksAnswer>('blocks', apiQuery(query, { limit: 200 }), 10_000);
  const chosen = data?.blocks.find((block) => keyOf(block) === query.get('block')) ?? data?.blocks[0];
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Event-loop blocks</h1>
          <p className="muted">
            The longest uninterrupted runs of one request: while it ran, every other request waited.
          </p>
        </div>
        <div className="controls">
          <FilterBar />
        </div>
      </div>
      <ErrorNotice error={error} />
      {data !== undefined && data.contextChunks === 0 && (
        <Hint>Blocks need samples that know their request: Node 24 or later, profiled with next-profiling.</Hint>
      )}
      {data !== undefined && (
        <section className="panel" aria-label="Blocks">
          <DataTable
            label="Event-loop blocks"
            columns={COLUMNS}
            rows={data.blocks}
            keyOf={keyOf}
            sort={query.get('sort')}
            defaultSort="duration"
            onSort={(sort) => change({ sort }, 'replace')}
            onChoose={(block) => change({ block: keyOf(block) }, 'replace')}
            isChosen={(block) => chosen !== undefined && keyOf(block) === keyOf(chosen)}
          />
          {data.blocks.length === 0 && <Notice>No block in this selection.</Notice>}
        </section>
      )}
      {chosen !== undefined && <BlockDetail block={chosen} />}
    </>
  );
}

const COLUMNS: Column<BlockRow>[] = [
  {
    id: 'duration',
    title: 'Blocked, ms',
    isNumber: true,
    cell: ({ durationMs }) => formatMs(durationMs),
    sortBy: ({ durationMs }) => durationMs,
  },
  {
    id: 'route',
    title: 'Request',
    cell: ({ route, name }) => <span className="mono">{route ?? name}</span>,
    sortBy: ({ route, name }) => route ?? name,
  },
  {
    id: 'function',
    title: 'Function',
    className: 'fill',
    cell: ({ function: top }) => (top === null ? null : <FunctionName {...top} />),
    sortBy: ({ function: top }) => top?.name ?? null,
  },
  {
    id: 'inFlight',
    title: 'Others in flight',
    hint: 'Other requests of the process that were in flight meanwhile, and had to wait',
    isNumber: true,
    cell: ({ inFlight }) => formatInteger(inFlight),
    sortBy: ({ inFlight }) => inFlight,
  },
  {
    id: 'queued',
    title: 'Queued',
    hint: 'Requests that began right after it: they had most likely been waiting to be read',
    isNumber: true,
    wideOnly: true,
    cell: ({ queued }) => formatInteger(queued),
    sortBy: ({ queued }) => queued,
  },
  {
    id: 'cpu',
    title: 'CPU, ms',
    isNumber: true,
    wideOnly: true,
    cell: ({ cpuMs }) => formatMs(cpuMs),
    sortBy: ({ cpuMs }) => cpuMs,
  },
  {
    id: 'start',
    title: 'When',
    wideOnly: true,
    cell: ({ startMs }) => formatDayTime(startMs),
    sortBy: ({ startMs }) => startMs,
  },
];

function waitersOf({ inFlight, queued }: BlockRow): string {
  if (inFlight + queued === 0) return 'No other request was in flight';
  const others = `${formatInteger(inFlight)} other ${inFlight === 1 ? 'request' : 'requests'} in flight`;
  return queued === 0 ? others : `${others}, ${formatInteger(queued)} read right after`;
}

function BlockDetail({ block }: { block: BlockRow }) {
  const href = useHref();
  const { traceId, spanId, session, startMs, durationMs, inFlightRequests, stack } = block;
  const around = {
    session,
    tab: 'chart',
    from: Math.floor(startMs - 5),
    to: Math.ceil(startMs + durationMs + 5),
    last: null,
  };
  return (
    <section className="panel" aria-label="Selected block">
      <div className="panel-head">
        <h2>
          {formatMs(durationMs)} ms of <span className="mono">{block.name}</span>
        </h2>
        <span className="controls">
          <Link className="button" href={href(`/trace/${encodeURIComponent(traceId)}`, { span: spanId })}>
            Its trace
          </Link>
          <Link className="button" href={href('/profile', around)}>
            Flame chart of this moment
          </Link>
        </span>
      </div>
      <div className="block-detail">
        <div>
          <h3>Stack, innermost first</h3>
          <ol aria-label="Stack">
            {stack.map((frame, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a stack may hold a function many times, and never changes
              <li key={index}>
                <FunctionName {...frame} />
              </li>
            ))}
          </ol>
        </div>
        <div>
          <h3>{waitersOf(block)}</h3>
          <ul aria-label="Requests that had to wait">
            {inFlightRequests.map((request) => (
              <li key={`${request.traceId}${request.spanId}`}>
                <Link
                  className="mono"
                  href={href(`/trace/${encodeURIComponent(request.traceId)}`, { span: request.spanId })}
                >
                  {request.name}
                </Link>{' '}
                <span className="muted">{formatMs(request.endMs - request.startMs)} ms in all</span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}
