import { useQueryState } from '../state/query-state.ts';

const NAMES = { session: 'Session', thread: 'Thread', trace: 'Trace', span: 'Span' } as const;

/** What narrows the profile down beside the route and the range, each of which can be taken away. */
export function FilterChips() {
  const [query, change] = useQueryState();
  const present = Object.entries(NAMES).filter(([parameter]) => query.has(parameter));
  if (present.length === 0 && !query.has('route')) return null;
  return (
    <p className="chips">
      {query.has('route') && (
        <Chip text="One route" what="route" onRemove={() => change({ route: null, zoom: null })} />
      )}
      {present.map(([parameter, name]) => (
        <Chip
          key={parameter}
          text={`${name} ${(query.get(parameter) ?? '').slice(0, 12)}`}
          what={name.toLowerCase()}
          onRemove={() => change({ [parameter]: null, zoom: null })}
        />
      ))}
    </p>
  );
}

function Chip({ text, what, onRemove }: { text: string; what: string; onRemove(): void }) {
  return (
    <span className="chip">
      {text}
      <button type="button" aria-label={`Show more than this ${what}`} onClick={onRemove}>
        ×
      </button>
    </span>
  );
}
