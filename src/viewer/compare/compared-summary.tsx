import type { CompareAnswer, Difference } from '../../collector/api-trace-types.ts';
import { formatInteger, formatMs } from '../model/format.ts';
import { VERDICT_TEXT, verdictOf } from './verdict.ts';

export function ComparedSummary({ answer }: { answer: CompareAnswer }) {
  const { base, new: after, cpuMs } = answer;
  return (
    <div className="summary compared">
      <dl className="facts">
        <div>
          <dt>Base, {formatInteger(base.requests)} requests</dt>
          <dd>{formatMs(cpuMs.base)} ms/request</dd>
        </div>
        <div>
          <dt>New, {formatInteger(after.requests)} requests</dt>
          <dd>{formatMs(cpuMs.new)} ms/request</dd>
        </div>
        <div>
          <dt>Difference</dt>
          <dd>
            <Change of={cpuMs} />
          </dd>
        </div>
      </dl>
      <p className="muted">± is two standard errors, by leaving out slices of each side’s time (jackknife).</p>
    </div>
  );
}

/** A difference with its noise, and in words what that means. */
export function Change({ of }: { of: Difference }) {
  const difference = of.new - of.base;
  const verdict = verdictOf(of);
  const percent =
    of.base > 0 ? ` (${difference > 0 ? '+' : '−'}${Math.abs((difference / of.base) * 100).toFixed(0)}%)` : '';
  return (
    <span className={verdict} title={VERDICT_TEXT[verdict]}>
      {difference > 0 ? '+' : ''}
      {formatMs(difference)}
      {of.noise !== null && <span className="muted"> ± {formatMs(2 * of.noise)}</span>}
      {verdict === 'noise' ? <span className="muted"> within noise</span> : percent}
    </span>
  );
}
