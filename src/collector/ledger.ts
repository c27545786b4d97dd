import { FunctionTable } from '../profile/function-times.ts';
import type { StoredRequest } from '../store/profile-store.ts';
import { Account } from './account.ts';
import type { CpuSlice } from './cpu-slices.ts';
import { RouteNames } from './request-route.ts';
import { rootOf, type SpanCost } from './span-costs.ts';

/** Books each piece of CPU time once under `everything` and once with its owner. */
export class Ledger {
  readonly table = new FunctionTable();
  readonly routes = new Map<string, Account>();
  readonly everything = new Account(this.table);
  /** Nobody's: outside of any living span, or, where spans are not known, while no request was in flight. */
  readonly unattributed = new Account(this.table);
  /** The part of `unattributed` that was outside of any living span. */
  readonly outsideSpans = new Account(this.table);
  /** In and below root spans that are no request, or that nothing identifies as one. */
  readonly otherRoots = new Account(this.table);
  /** Microseconds of CPU per request; one that is missing had none. */
  readonly microsOf = new Map<StoredRequest, number>();
  readonly #accountOf = new Map<StoredRequest, Account>();
  readonly #names: RouteNames;

  constructor(requests: readonly StoredRequest[]) {
    this.#names = new RouteNames(requests);
    for (const request of requests) this.accountOf(request);
  }

  /** The account of a request's route, on which it is listed from now on. */
  accountOf(request: StoredRequest): Account {
    const known = this.#accountOf.get(request);
    if (known !== undefined) return known;
    const account = this.route(this.#names.of(request));
    account.requests.push(request);
    this.#accountOf.set(request, account);
    return account;
  }

  /** The account of a route, which has a row from now on. */
  route(name: string): Account {
    const account = this.routes.get(name) ?? new Account(this.table);
    this.routes.set(name, account);
    return account;
  }

  /** Books time of these requests, in equal parts; nobody's if there are none. */
  chargeRequests(slice: CpuSlice, requests: readonly StoredRequest[]): void {
    this.everything.add(slice.micros, slice);
    if (requests.length === 0) this.unattributed.add(slice.micros, slice);
    const part = slice.micros / requests.length;
    const parts = new Map<Account, number>();
    for (const request of requests) {
      this.#addTo(request, part);
      const account = this.accountOf(request);
      parts.set(account, (parts.get(account) ?? 0) + part);
    }
    // Once per route, not per request: walking the stack is what takes time.
    for (const [account, micros] of parts) account.add(micros, slice);
  }

  /** Books time of a span, which its root's owner pays; nobody's if there is none. */
  chargeSpan(slice: CpuSlice, span: SpanCost | undefined): void {
    this.everything.add(slice.micros, slice);
    if (span === undefined) {
      this.unattributed.add(slice.micros, slice);
      this.outsideSpans.add(slice.micros, slice);
      return;
    }
    span.micros += slice.micros;
    const { owner } = rootOf(span);
    (owner?.account ?? this.otherRoots).add(slice.micros, slice);
    if (owner?.request !== undefined) this.#addTo(owner.request, slice.micros);
  }

  #addTo(request: StoredRequest, micros: number): void {
    this.microsOf.set(request, (this.microsOf.get(request) ?? 0) + micros);
  }
}
