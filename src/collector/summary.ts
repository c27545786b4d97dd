import { FunctionTable } from '../profile/function-table.ts';
import type { ProfileStore, StoredRequest } from '../store/profile-store.ts';
import type { Selection } from '../store/selection.ts';
import type { Account } from './account.ts';
import { AccountSummary } from './account-summary.ts';
import type { Accounts } from './accounts.ts';
import { RoutePatterns } from './request-route.ts';
import { rootOf, spanKey } from './span-costs.ts';

/** CPU time after the end of a request still counts as its own; this long after, the request is not closed yet. */
export const LATE_MICROS = 5e6;

/** What a question about routes is answered from. */
export class Summary {
  readonly selection: Selection;
  table = new FunctionTable();
  readonly routes = new Map<string, AccountSummary>();
  readonly outsideSpans = new AccountSummary();
  readonly betweenRequests = new AccountSummary();
  readonly otherRoots = new AccountSummary();
  /** The part of `otherRoots` whose root spans are not in the store. */
  notReceivedMicros = 0;
  unsampledMicros = 0;
  contextChunks = 0;
  fallbackChunks = 0;
  pendingRequests = 0;
  /** Names of routes that requests named themselves; others are paths. */
  readonly patterns = new Set<string>();

  constructor(selection: Selection) {
    this.selection = selection;
  }

  route(name: string): AccountSummary {
    const account = this.routes.get(name) ?? new AccountSummary();
    this.routes.set(name, account);
    return account;
  }

  /** Adds what lies beside this in time. */
  merge(other: Summary): void {
    const frames = (frame: number) => {
      const of = other.table.functions[frame];
      return of === undefined ? frame : this.table.numberOf(of);
    };
    for (const [name, account] of other.routes) this.route(name).merge(account, frames);
    this.outsideSpans.merge(other.outsideSpans, frames);
    this.betweenRequests.merge(other.betweenRequests, frames);
    this.otherRoots.merge(other.otherRoots, frames);
    this.notReceivedMicros += other.notReceivedMicros;
    this.unsampledMicros += other.unsampledMicros;
    this.contextChunks += other.contextChunks;
    this.fallbackChunks += other.fallbackChunks;
    this.pendingRequests += other.pendingRequests;
    for (const pattern of other.patterns) this.patterns.add(pattern);
  }

  /** Puts paths under the patterns that they fit: another range may have known more of them than their own. */
  unite(): void {
    const patterns = new RoutePatterns(this.patterns);
    for (const [name, account] of [...this.routes]) {
      const pattern = this.patterns.has(name) ? name : patterns.of(name);
      if (pattern === name) continue;
      this.routes.delete(name);
      this.route(pattern).merge(account);
    }
  }

  /** Nobody's time. */
  unattributed(): AccountSummary {
    return merged([this.outsideSpans, this.betweenRequests]);
  }

  everything(): AccountSummary {
    return merged([...this.routes.values(), this.outsideSpans, this.betweenRequests, this.otherRoots]);
  }
}

export function summaryOf(accounts: Accounts): Summary {
  const { ledger } = accounts;
  const summary = new Summary(accounts.selection);
  summary.table = ledger.table;
  for (const [name, account] of ledger.routes) {
    const into = summary.route(name);
    take(into, account);
    for (const request of account.requests) takeRequest(into, request, accounts);
  }
  for (const pattern of ledger.patterns) summary.patterns.add(pattern);
  take(summary.outsideSpans, ledger.outsideSpans);
  take(summary.betweenRequests, ledger.betweenRequests);
  take(summary.otherRoots, ledger.otherRoots);
  summary.notReceivedMicros = notReceivedMicros(accounts);
  summary.unsampledMicros = accounts.unsampledMicros;
  summary.contextChunks = accounts.contextChunks;
  summary.fallbackChunks = accounts.fallbackChunks;
  summary.pendingRequests = accounts.pending.size;
  return summary;
}

/** Where was looked, ends that the question leaves open being those of what is stored. */
export async function rangeOf(store: ProfileStore, { selection }: Summary): Promise<{ fromMs: number; toMs: number }> {
  const [session] = selection.profilerId === undefined ? [] : await store.sessions(selection);
  const { startMicros, endMicros } = session ?? (await store.extent());
  const fromMicros = Math.max(selection.fromMicros, startMicros ?? 0);
  return { fromMs: fromMicros / 1e3, toMs: Math.max(fromMicros, Math.min(selection.toMicros, endMicros ?? 0)) / 1e3 };
}

function merged(accounts: readonly AccountSummary[]): AccountSummary {
  const all = new AccountSummary();
  for (const account of accounts) all.merge(account);
  return all;
}

function take(into: AccountSummary, account: Account): void {
  into.micros += account.micros;
  into.contextMicros += account.contextMicros;
  into.addSeries(account.series);
  into.tree.merge(account.tree);
  into.functions.addTree(account.tree);
}

function takeRequest(into: AccountSummary, request: StoredRequest, { ledger, pending, selection }: Accounts): void {
  const micros = ledger.microsOf.get(request);
  const isProfiled = !pending.has(request) && (request.profilerId !== null || micros !== undefined);
  const isWhole = request.startMicros >= selection.fromMicros && request.endMicros < selection.toMicros - LATE_MICROS;
  if (!isWhole) {
    const { startMicros, endMicros } = request;
    return into.addCrossing(spanKey(request), { startMicros, endMicros, micros: isProfiled ? (micros ?? 0) : null });
  }
  into.wholeRequests += 1;
  if (isProfiled) into.wholeCosts.push(micros ?? 0);
}

function notReceivedMicros({ ledger, spans }: Accounts): number {
  return spans.reduce((sum, span) => {
    const { owner } = rootOf(span);
    return owner?.account === ledger.otherRoots && !owner.received ? sum + span.micros : sum;
  }, 0);
}
