import type { FiltersAnswer } from '../../collector/api-profile-types.ts';
import { formatDayTime } from '../model/format.ts';
import { LAST_MS } from '../state/filter.ts';
import { useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';

/** Time range, release and environment: what every page can be narrowed down by. */
export function FilterBar() {
  const [query, change] = useQueryState();
  const { data } = useAnswer<FiltersAnswer>('filters', '', 10_000);
  const [from, to] = [query.get('from'), query.get('to')];
  const chosen = from !== null || to !== null ? 'chosen' : (query.get('last') ?? '');
  return (
    <>
      <select
        aria-label="Time range"
        value={chosen}
        onChange={({ target }) => change({ last: target.value, from: null, to: null, zoom: null })}
      >
        <option value="">All time</option>
        {Object.keys(LAST_MS).map((last) => (
          <option key={last} value={last}>
            Last {last}
          </option>
        ))}
        {chosen === 'chosen' && (
          <option value="chosen" disabled>
            {from === null ? '' : formatDayTime(Number(from))} – {to === null ? 'now' : formatDayTime(Number(to))}
          </option>
        )}
      </select>
      <Choice
        label="Release"
        all="All releases"
        options={data?.releases ?? []}
        value={query.get('release')}
        onChange={(release) => change({ release })}
      />
      <Choice
        label="Environment"
        all="All environments"
        options={data?.environments ?? []}
        value={query.get('environment')}
        onChange={(environment) => change({ environment })}
      />
    </>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  options: readonly string[];
  value: string | null;
  onChange(value: string | null): void;
}

/** Not there if there is nothing to choose from. */
function Choice({ label, all, options, value, onChange }: ChoiceProps) {
  const named = options.filter((option) => option !== '');
  if (value === null && named.length < 2) return null;
  return (
    <select aria-label={label} value={value ?? ''} onChange={({ target }) => onChange(target.value || null)}>
      <option value="">{all}</option>
      {named.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}
