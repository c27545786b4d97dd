import { Link, useParams } from 'wouter';
import type { TraceAnswer, TraceSpan } from '../../collector/api-trace-types.ts';
import { formatDayTime, formatDuration, formatMs } from '../model/format.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Indented } from '../parts/indented.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { useHref, useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';
import { sentryTraceHref } from './sentry-link.ts';
import { SpanBar } from './span-bar.tsx';

interface Row extends TraceSpan {
  depth: number;
}

/** A trace as a waterfall of its spans, each with its exact CPU time beside its duration. */
export function TracePage() {
  const { id = '' } = useParams<{ id: string }>();
  const [query] = useQueryState();
  const { data, error } = useAnswer<TraceAnswer>('trace', `trace=${encodeURIComponent(id)}`);
  if (data === undefined) return error === undefined ? <Notice>Loading…</Notice> : <ErrorNotice error={error} />;
  if (data.spans.length === 0) return <Notice>No span of this trace is stored.</Notice>;
  return <Trace trace={data} chosen={query.get('span')} />;
}

function Trace({ trace, chosen }: { trace: TraceAnswer; chosen: string | null }) {
  const href = useHref();
  const { traceId, spans } = trace;
  const { startMs, endMs } = shownRange(trace);
  const rows = withDepth(spans);
  const root = spans[0];
  const cpuMs = spans.reduce((sum, { cpuSelfMs }) => sum + (cpuSelfMs ?? 0), 0);
  const sentry = sentryTraceHref(trace.sentryUrl);
  const profile = (parameters: Record<string, string>) => href('/profile', { trace: traceId, ...parameters });
  return (
    <>
      <div className="page-head">
        <div>
          <h1 className="mono">{root?.name}</h1>
          <p className="muted">
            Trace <span className="mono">{traceId}</span> · {formatDayTime(startMs)}
          </p>
        </div>
        <div className="controls">
          <Link href={profile({})} className="button">
            Flame graph of this trace
          </Link>
          <Link href={profile({ tab: 'chart' })} className="button">
            Flame chart
          </Link>
          {sentry !== null && (
            <a href={sentry} className="button" target="_blank" rel="noreferrer">
              Same trace in Sentry ↗
            </a>
          )}
        </div>
      </div>
      <div className="summary">
        <dl className="facts">
          <div>
            <dt>Duration</dt>
            <dd>{formatDuration(endMs - startMs)}</dd>
          </div>
          <div>
            <dt>CPU</dt>
            <dd>{formatDuration(cpuMs)}</dd>
          </div>
          <div>
            <dt>Spans</dt>
            <dd>{spans.length}</dd>
          </div>
          {trace.sessions.map((session) => (
            <div key={session}>
              <dt>Profiler session</dt>
              <dd>
                <Link href={href('/profile', { session })} className="mono">
                  {session.slice(0, 12)}
                </Link>
              </dd>
            </div>
          ))}
        </dl>
      </div>
      <section className="panel waterfall" aria-label="Waterfall">
        <DataTable
          label="Spans of the trace"
          columns={columnsOf(startMs, endMs, profile)}
          rows={rows}
          keyOf={({ spanId }) => spanId}
          isChosen={({ spanId }) => spanId === chosen}
        />
      </section>
    </>
  );
}

/** Some of Next's spans take no time at no true moment; they must not squeeze the others. */
function shownRange({ spans, startMs, endMs }: TraceAnswer): { startMs: number; endMs: number } {
  const lasting = spans.filter((span) => span.endMs > span.startMs);
  if (lasting.length === 0) return { startMs, endMs };
  return {
    startMs: Math.min(...lasting.map((span) => span.startMs)),
    endMs: Math.max(...lasting.map((span) => span.endMs)),
  };
}

function withDepth(spans: readonly TraceSpan[]): Row[] {
  const rows: Row[] = [];
  for (const span of spans) rows.push({ ...span, depth: span.parent < 0 ? 0 : (rows[span.parent]?.depth ?? -1) + 1 });
  return inTreeOrder(rows);
}

/** Each span before its children, and these together. */
function inTreeOrder(rows: readonly Row[]): Row[] {
  const children = new Map<number, number[]>();
  rows.forEach(({ parent }, index) => {
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [index]);
    else siblings.push(index);
  });
  const ordered: Row[] = [];
  const pending = [...(children.get(-1) ?? [])].reverse();
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    ordered.push(rows[index] as Row);
    pending.push(...[...(children.get(index) ?? [])].reverse());
  }
  return ordered;
}

const cpu = (ms: number | null) => (ms === null ? <span title="Not known">–</span> : formatMs(ms));

function columnsOf(
  startMs: number,
  endMs: number,
  profile: (parameters: Record<string, string>) => string,
): Column<Row>[] {
  return [
    {
      id: 'name',
      title: 'Span',
      cell: ({ depth, name, op, spanId, profiled }) => (
        <Indented depth={depth} {...(op !== null && { title: op })}>
          {profiled ? (
            <Link href={profile({ span: spanId })} className="mono name">
              {name}
            </Link>
          ) : (
            <span className="mono name">{name}</span>
          )}
        </Indented>
      ),
    },
    {
      id: 'duration',
      title: 'Duration, ms',
      isNumber: true,
      cell: ({ startMs, endMs }) => formatMs(endMs - startMs),
    },
    {
      id: 'cpu',
      title: 'CPU, ms',
      hint: 'CPU time of the span and the spans below it',
      isNumber: true,
      cell: ({ cpuTotalMs }) => cpu(cpuTotalMs),
    },
    {
      id: 'self',
      title: 'Self CPU, ms',
      hint: 'CPU time of the span itself',
      isNumber: true,
      wideOnly: true,
      cell: ({ cpuSelfMs }) => cpu(cpuSelfMs),
    },
    {
      id: 'bar',
      title: 'Time',
      cell: (row) => <SpanBar span={row} startMs={startMs} endMs={endMs} />,
      className: 'bar',
    },
    {
      id: 'thread',
      title: 'Thread',
      wideOnly: true,
      cell: ({ threadName, thread }) => <span className="muted">{threadName ?? thread}</span>,
    },
  ];
}
