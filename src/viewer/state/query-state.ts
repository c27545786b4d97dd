import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** Changes to the query of the page's address; `null` or `''` takes a parameter out. */
export type QueryChanges = Readonly<Record<string, string | number | null>>;

/** What goes along from page to page. */
const COMMON = ['last', 'from', 'to', 'release', 'environment'] as const;

export function changed(query: URLSearchParams, changes: QueryChanges): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, String(value));
  }
  return next;
}

/**
 * The state of the page is its address, so that every view can be linked to. `replace` for what changes all the time,
 * such as a zoom: the browser's back button should not step through it.
 */
export function useQueryState(): [URLSearchParams, (changes: QueryChanges, replace?: 'replace') => void] {
  const [query, setQuery] = useSearchParams();
  const change = useCallback(
    (changes: QueryChanges, replace?: 'replace') =>
      setQuery((before) => changed(before, changes), { replace: replace !== undefined }),
    [setQuery],
  );
  return [query, change];
}

/** An address within the viewer that keeps the time range, release and environment. */
export function useHref(): (path: string, parameters?: QueryChanges) => string {
  const [query] = useSearchParams();
  return (path, parameters = {}) => {
    const kept = new URLSearchParams();
    for (const name of COMMON) {
      const value = query.get(name);
      if (value !== null) kept.set(name, value);
    }
    const text = changed(kept, parameters).toString();
    return text === '' ? path : `${path}?${text}`;
  };
}
