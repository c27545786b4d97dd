/** What the page's address says of the data that is asked for; the API's parameters have the same names. */
const PARAMETERS = ['from', 'to', 'route', 'release', 'environment', 'session', 'thread', 'trace', 'span'] as const;

/** Ranges that end now. */
export const LAST_MS: Readonly<Record<string, number>> = {
  '5m': 5 * 60_000,
  '15m': 15 * 60_000,
  '1h': 60 * 60_000,
  '6h': 6 * 60 * 60_000,
  '24h': 24 * 60 * 60_000,
};

/**
 * The part of an API address after its path. `last=15m` stays in the text until `withoutLast` resolves it, so that the
 * same question has the same name a moment later.
 */
export function apiQuery(query: URLSearchParams, extra: Readonly<Record<string, string | number>> = {}): string {
  const filter = new URLSearchParams();
  for (const name of PARAMETERS) {
    const value = query.get(name);
    if (value !== null) filter.set(name, value);
  }
  const last = query.get('last');
  if (last !== null && LAST_MS[last] !== undefined && !filter.has('from')) filter.set('last', last);
  for (const [name, value] of Object.entries(extra)) filter.set(name, String(value));
  return filter.toString();
}

export function withoutLast(address: string, nowMs: number): string {
  const [path = '', text = ''] = address.split('?');
  const query = new URLSearchParams(text);
  const last = LAST_MS[query.get('last') ?? ''];
  query.delete('last');
  if (last !== undefined) query.set('from', String(nowMs - last));
  return query.size === 0 ? path : `${path}?${query}`;
}
