import { type Ref, useMemo } from 'react';
import { formatInteger, formatShare } from '../model/format.ts';
import { weightWith } from '../model/function-table.ts';
import { useQueryState } from '../state/query-state.ts';
import type { Profile } from './profile.ts';

interface SearchBoxProps {
  profile: Profile;
  matches: Uint8Array | null;
  ref: Ref<HTMLInputElement>;
}

/** Searches functions and says how many there are and what share of the weight has one of them on the stack. */
export function SearchBox({ profile, matches, ref }: SearchBoxProps) {
  const [query, change] = useQueryState();
  const found = useMemo(() => {
    if (matches === null) return null;
    const { tree, functions } = profile;
    let count = 0;
    for (let frame = 0; frame < matches.length; frame++) {
      if (matches[frame] === 1 && (functions.total[frame] as number) > 0) count++;
    }
    return { count, share: tree.weight === 0 ? 0 : weightWith(tree, matches) / tree.weight };
  }, [profile, matches]);
  return (
    <span className="controls">
      <span className="muted" role="status">
        {found !== null &&
          `${formatInteger(found.count)} ${found.count === 1 ? 'function' : 'functions'}, ${formatShare(found.share)}`}
      </span>
      <input
        ref={ref}
        type="search"
        placeholder="Search functions  /"
        aria-label="Search functions"
        value={query.get('q') ?? ''}
        onChange={({ target }) => change({ q: target.value }, 'replace')}
      />
    </span>
  );
}
