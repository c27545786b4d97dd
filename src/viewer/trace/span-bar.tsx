import type { TraceSpan } from '../../collector/api-trace-types.ts';
import { formatDuration } from '../model/format.ts';

/** Where a span lies in its trace, and how much of it was the span's own CPU time. */
export function SpanBar({ span, startMs, endMs }: { span: TraceSpan; startMs: number; endMs: number }) {
  const width = Math.max(endMs - startMs, 0.001);
  const place = (ms: number): number => ((ms - startMs) / width) * 1000;
  const [from, to] = [place(span.startMs), place(span.endMs)];
  if (to < 0 || from > 1000) return <span className="muted">outside of the trace</span>;
  const length = Math.max(2, to - from);
  const cpu = Math.min(length, ((span.cpuTotalMs ?? 0) / width) * 1000);
  const label = `Starts at ${formatDuration(span.startMs - startMs)}, takes ${formatDuration(span.endMs - span.startMs)}`;
  return (
    <svg className="waterfall-bar" viewBox="0 0 1000 18" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect className="time" x={from} y="4" width={length} height="10" />
      <rect className="cpu" x={from} y="4" width={cpu} height="10" />
    </svg>
  );
}
