import { FunctionTable } from '../profile/function-table.ts';
import type { ProfileStore, StoredRequest } from '../store/profile-store.ts';
import { accountsOf, ROUTELESS, type Routeless, type Sums } from '../store/rollup-store.ts';
import type { Selection } from '../store/selection.ts';
import type { Account } from './account.ts';
import { AccountSummary, isWholeIn } from './account-summary.ts';
import { type Accounts, profiledMicros } from './accounts.ts';
import { RoutePatterns } from './request-route.ts';
import { rootOf, spanKey } from './span-costs.ts';

/** What a question about routes is answered from. */
export class Summary implements Sums {
  readonly selection: Selection;
  table = new FunctionTable();
  readonly routes = new Map<string, AccountSummary>();
  readonly outsideSpans = new AccountSummary();
  readonly betweenRequests = new AccountSummary();
  readonly otherRoots = new AccountSummary();
  notReceivedMicros = 0;
  unsampledMicros = 0;
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

  /** The account of a name that `accountsOf()` gave. */
  named(name: string): AccountSummary {
    return ROUTELESS.some((known) => known === name)
      ? this[name as Routeless]
      : this.route(name.slice('route '.length));
  }

  get sums(): Sums {
    const { notReceivedMicros, unsampledMicros, fallbackChunks } = this;
    return { notReceivedMicros, unsampledMicros, fallbackChunks };
  }

  addSums(other: Sums): void {
    this.notReceivedMicros += other.notReceivedMicros;
    this.unsampledMicros += other.unsampledMicros;
    this.fallbackChunks += other.fallbackChunks;
  }

  /** Adds what lies beside this in time. */
  merge(other: Summary): void {
    const frames = (frame: number) => {
      const of = other.table.functions[frame];
      return of === undefined ? frame : this.table.numberOf(of);
    };
    for (const [name, account] of accountsOf(other.routes, other)) this.named(name).merge(account, frames);
    this.addSums(other);
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
    return merged(this.accounts());
  }

  accounts(): AccountSummary[] {
    return accountsOf(this.routes, this).map(([, account]) => account);
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
  for (const name of ROUTELESS) take(summary[name], ledger[name]);
  summary.addSums({ ...accounts, notReceivedMicros: notReceivedMicros(accounts) });
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

function takeRequest(into: AccountSummary, request: StoredRequest, accounts: Accounts): void {
  const { selection } = accounts;
  const micros = profiledMicros(request, accounts);
  if (!isWholeIn(selection, request)) {
    const { startMicros, endMicros } = request;
    return into.addCrossing(spanKey(request), { startMicros, endMicros, micros });
  }
  into.wholeRequests += 1;
  if (micros !== null) into.wholeCosts.add(micros);
}

function notReceivedMicros({ ledger, spans }: Accounts): number {
  return spans.reduce((sum, span) => {
    const { owner } = rootOf(span);
    return owner?.account === ledger.otherRoots && !owner.received ? sum + span.micros : sum;
  }, 0);
}
