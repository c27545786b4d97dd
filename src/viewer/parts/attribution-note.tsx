import type { Attributed } from '../../collector/api-types.ts';
import { formatShare } from '../model/format.ts';

/** How far the figures can be trusted, in a line. */
export function AttributionNote({ answer }: { answer: Attributed }) {
  const { attribution, contextShare, cpuMs } = answer;
  if (cpuMs === 0) return null;
  if (attribution === 'context') {
    return (
      <p className="badge good" title="Each sample knows the span that was running when it was taken">
        Exact per request
      </p>
    );
  }
  const text =
    attribution === 'mixed'
      ? `${formatShare(contextShare)} exact per request, the rest shared by time window`
      : 'By time window: requests in flight together share the CPU time. Node 24 or later gives exact figures.';
  return <p className="badge warn">{text}</p>;
}
