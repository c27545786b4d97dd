import { SelfAndTotal } from '../profile/self-and-total.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import { settleAccounts } from './accounts.ts';
import type { SpanRow, SpansAnswer } from './api-types.ts';
import { attributed, milliseconds, remainder, share } from './figures.ts';
import type { Filter } from './filter.ts';
import { rootOf, type SpanCost, spanKey } from './span-costs.ts';
import { summaryOf } from './summary.ts';

/** What a span is listed under whose name nobody knows: it has not been received, nor had it ended in its chunk. */
const NOT_RECEIVED = '(not received)';
const UNNAMED = '(unnamed)';

/**
 * CPU time by the names of spans: below the requests of one route, or, for `null`, of all. `null` if the range has no
 * request of the route. Rejects with `NP_STORE`.
 */
export async function querySpans(
  store: ProfileStore,
  route: string | null,
  filter: Filter = {},
): Promise<SpansAnswer | null> {
  const accounts = await settleAccounts(store, filter);
  const { ledger, spans, contextChunks } = accounts;
  const summary = summaryOf(accounts);
  const everything = summary.everything();
  const account = route === null ? everything : summary.routes.get(route);
  if (account === undefined) return null;
  const ofRoute = route === null ? undefined : ledger.routes.get(route);
  const atWork = spans.filter(
    (span) => span.micros > 0 && (ofRoute === undefined || rootOf(span).owner?.account === ofRoute),
  );
  return {
    ...attributed(account, everything),
    route,
    contextChunks,
    spans: await rowsOf(store, atWork, account.micros),
    unknownMs: milliseconds(account.micros - account.contextMicros),
    unattributed: remainder(summary.outsideSpans, everything, summary.table),
  };
}

async function rowsOf(store: ProfileStore, atWork: readonly SpanCost[], allMicros: number): Promise<SpanRow[]> {
  const involved = withAncestors(atWork);
  const names = new Map<string, string>();
  for await (const span of store.spans(involved)) names.set(spanKey(span), span.name);
  const numbers = new Map<string, number>();
  const counts: number[] = [];
  const numberOf = new Map<SpanCost, number>();
  for (const span of involved) {
    const stored = names.get(spanKey(span));
    const name = stored || span.name || (stored === undefined ? NOT_RECEIVED : UNNAMED);
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    numberOf.set(span, number);
    counts[number] = (counts[number] ?? 0) + 1;
  }
  const times = new SelfAndTotal();
  for (const span of atWork) {
    const chain = new Set<number>();
    for (let at: SpanCost | null = span; at !== null; at = at.parent) chain.add(numberOf.get(at) ?? 0);
    times.add([...chain], span.micros);
  }
  return [...numbers]
    .map(([name, number]) => ({ name, spans: counts[number] ?? 0, ...times.of(number) }))
    .sort((a, b) => b.selfMicros - a.selfMicros || b.totalMicros - a.totalMicros || (a.name < b.name ? -1 : 1))
    .map(({ name, spans, selfMicros, totalMicros }) => ({
      name,
      spans,
      selfMs: milliseconds(selfMicros),
      totalMs: milliseconds(totalMicros),
      share: share(selfMicros, allMicros),
    }));
}

function withAncestors(spans: readonly SpanCost[]): SpanCost[] {
  const found = new Set<SpanCost>();
  for (const span of spans) {
    for (let at: SpanCost | null = span; at !== null && !found.has(at); at = at.parent) found.add(at);
  }
  return [...found];
}
