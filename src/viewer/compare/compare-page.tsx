import type { FiltersAnswer } from '../../collector/api-profile-types.ts';
import type { CompareAnswer } from '../../collector/api-trace-types.ts';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';
import { ComparedFunctions } from './compared-functions.tsx';
import { ComparedGraph } from './compared-graph.tsx';
import { ComparedSummary } from './compared-summary.tsx';
import { SideChoice } from './side-choice.tsx';

/** Two releases or two time ranges, of a route or of everything, per request. */
export function ComparePage() {
  const [query, change] = useQueryState();
  const filters = useAnswer<FiltersAnswer>('filters').data;
  const [base, next, route] = [query.get('base'), query.get('new'), query.get('route')];
  const isReady = base !== null && next !== null;
  const question = new URLSearchParams({ base: base ?? '', new: next ?? '', ...(route !== null && { route }) });
  const { data, error, isLoading } = useAnswer<CompareAnswer>(isReady ? 'compare' : null, question.toString());
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Compare</h1>
          <p className="muted">CPU time per request, before and after.</p>
        </div>
        <div className="controls">
          <select aria-label="Route" value={route ?? ''} onChange={({ target }) => change({ route: target.value })}>
            <option value="">All routes</option>
            {(filters?.routes ?? []).map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </div>
      </div>
      {filters !== undefined && (
        <section className="panel" aria-label="What is compared">
          <div className="compare-form">
            <SideChoice name="Base" filters={filters} value={base} onChange={(side) => change({ base: side })} />
            <SideChoice name="New" filters={filters} value={next} onChange={(side) => change({ new: side })} />
          </div>
        </section>
      )}
      <ErrorNotice error={error} />
      {!isReady && <Notice>Choose a release or a time range on both sides.</Notice>}
      {isReady && data === undefined && isLoading && <Notice>Comparing…</Notice>}
      {isReady && data !== undefined && (
        <>
          <ComparedSummary answer={data} />
          <ComparedGraph answer={data} />
          <ComparedFunctions functions={data.functions} />
        </>
      )}
    </>
  );
}
