import type { FiltersAnswer } from '../../collector/api-profile-types.ts';

interface SideChoiceProps {
  name: string;
  filters: FiltersAnswer;
  /** A query string of `release`, `from` and `to`. */
  value: string | null;
  onChange(value: string | null): void;
}

/** One side of a comparison: a release, a time range, or both. */
export function SideChoice({ name, filters, value, onChange }: SideChoiceProps) {
  const side = new URLSearchParams(value ?? '');
  const set = (parameter: string, next: string): void => {
    const changed = new URLSearchParams(side);
    if (next === '') changed.delete(parameter);
    else changed.set(parameter, next);
    onChange(changed.size === 0 ? null : changed.toString());
  };
  return (
    <fieldset>
      <legend>{name}</legend>
      {filters.releases.length > 0 && (
        <select
          aria-label={`${name} release`}
          value={side.get('release') ?? ''}
          onChange={({ target }) => set('release', target.value)}
        >
          <option value="">Any release</option>
          {filters.releases.filter(Boolean).map((release) => (
            <option key={release} value={release}>
              {release}
            </option>
          ))}
        </select>
      )}
      {(['from', 'to'] as const).map((edge) => (
        <label key={edge} className="field">
          <span>{edge}</span>
          <input
            type="datetime-local"
            step="1"
            aria-label={`${name} ${edge}`}
            value={localTime(side.get(edge))}
            onChange={({ target }) => set(edge, target.value === '' ? '' : String(new Date(target.value).getTime()))}
          />
        </label>
      ))}
    </fieldset>
  );
}

/** As such an input wants it: local time without its zone. */
function localTime(ms: string | null): string {
  if (ms === null) return '';
  const date = new Date(Number(ms));
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
