import { FunctionTable } from '../profile/function-table.ts';
import type { ProfileStore, Selection, StoredRequest } from '../store/profile-store.ts';
import type { Account } from './account.ts';
import { AccountSummary } from './account-summary.ts';
import { type Accounts, settleAccounts } from './accounts.ts';
import type { Filter } from './filter.ts';
import { rootOf, spanKey } from './span-costs.ts';

/** CPU time after the end of a request still counts as its own; this long after, the request is not closed yet. */
const LATE_MICROS = 5e6;

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
  pendingRequests = 0;

  constructor(selection: Selection) {
    this.selection = selection;
  }

  route(name: string): AccountSummary {
    const account = this.routes.get(name) ?? new AccountSummary();
    this.routes.set(name, account);
    return account;
  }

  /** Nobody's time. */
  unattributed(): AccountSummary {
    return merged([this.outsideSpans, this.betweenRequests]);
  }

  everything(): AccountSummary {
    return merged([...this.routes.values(), this.outsideSpans, this.betweenRequests, this.otherRoots]);
  }
}

/** Reads what is asked for and sums it up. Rejects with `NP_STORE`. */
export async function summarise(store: ProfileStore, filter: Filter): Promise<Summary> {
  return summaryOf(await settleAccounts(store, filter));
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
  take(summary.outsideSpans, ledger.outsideSpans);
  take(summary.betweenRequests, ledger.betweenRequests);
  take(summary.otherRoots, ledger.otherRoots);
  summary.notReceivedMicros = notReceivedMicros(accounts);
  summary.unsampledMicros = accounts.unsampledMicros;
  summary.contextChunks = accounts.contextChunks;
  summary.pendingRequests = accounts.pending.size;
  return summary;
}

/** Where was looked, ends that the question leaves open being those of what is stored. */
export async function rangeOf(store: ProfileStore, { selection }: Summary): Promise<{ fromMs: number; toMs: number }> {
  const { startMicros, endMicros } = await store.status();
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
  if (!isWhole) return into.addCrossing(spanKey(request), isProfiled ? (micros ?? 0) : null);
  into.wholeRequests += 1;
  if (isProfiled) into.wholeCosts.push(micros ?? 0);
}

function notReceivedMicros({ ledger, spans }: Accounts): number {
  return spans.reduce((sum, span) => {
    const { owner } = rootOf(span);
    return owner?.account === ledger.otherRoots && !owner.received ? sum + span.micros : sum;
  }, 0);
}
