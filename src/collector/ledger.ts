import { type FunctionStack, FunctionTable } from '../profile/function-table.ts';
import type { ProfileChunk } from '../profile/types.ts';
import type { StoredRequest } from '../store/profile-store.ts';
import { Account } from './account.ts';
import type { CpuSlice } from './cpu-slices.ts';
import { type Filter, isWantedRequest } from './filter.ts';
import { RouteNames } from './request-route.ts';
import { rootOf, type SpanCost } from './span-costs.ts';

/** The finest time that CPU is told by, microseconds. */
export const SERIES_MICROS = 10e6;

/** Books each piece of CPU time with its owner. */
export class Ledger {
  readonly table = new FunctionTable();
  readonly routes = new Map<string, Account>();
  /** Outside of any living span. */
  readonly outsideSpans = new Account();
  /** Where spans are not known: while no request was in flight. */
  readonly betweenRequests = new Account();
  /** In and below root spans that are no request, or that nothing identifies as one. */
  readonly otherRoots = new Account();
  /** Microseconds of CPU per request; one that is missing had none. */
  readonly microsOf = new Map<StoredRequest, number>();
  readonly #accountOf = new Map<StoredRequest, Account>();
  readonly #names: RouteNames;
  readonly #filter: Filter;
  #stacks: readonly FunctionStack[] = [];

  constructor(requests: readonly StoredRequest[], filter: Filter) {
    this.#names = new RouteNames(requests);
    this.#filter = filter;
    for (const request of requests) this.accountOf(request);
  }

  /** The account of a request's route, on which it is listed from now on. */
  accountOf(request: StoredRequest): Account {
    const known = this.#accountOf.get(request);
    if (known !== undefined) return known;
    const account = this.route(this.routeOf(request));
    account.requests.push(request);
    this.#accountOf.set(request, account);
    return account;
  }

  /** The patterns that requests named. */
  get patterns(): ReadonlySet<string> {
    return this.#names.patterns.known;
  }

  routeOf(request: StoredRequest): string {
    return this.#names.of(request);
  }

  /** The account of a route, which has a row from now on. */
  route(name: string): Account {
    const account = this.routes.get(name) ?? new Account();
    this.routes.set(name, account);
    return account;
  }

  /** Begins with a chunk: what is charged from now on is of its stacks. */
  open(chunk: ProfileChunk): void {
    this.#stacks = this.table.stacksOf(chunk);
  }

  /** Books time of these requests, in equal parts, of which those count that are asked for; nobody's if there are none. */
  chargeRequests(slice: CpuSlice, requests: readonly StoredRequest[]): void {
    const { traceId, spanId } = this.#filter;
    if (requests.length === 0 && traceId === undefined && spanId === undefined) {
      this.#add(this.betweenRequests, slice, 1);
    }
    const parts = new Map<Account, number>();
    for (const request of requests) {
      if (!isWantedRequest(this.#filter, request)) continue;
      this.#addTo(request, slice.cpuMicros / requests.length);
      const account = this.accountOf(request);
      parts.set(account, (parts.get(account) ?? 0) + 1 / requests.length);
    }
    // Once per route, not per request: most of a sample's cost is its stack.
    for (const [account, part] of parts) this.#add(account, slice, part);
  }

  /** Books time of a span, which its root's owner pays; nobody's if there is none. */
  chargeSpan(slice: CpuSlice, span: SpanCost | undefined): void {
    if (span === undefined) return this.#add(this.outsideSpans, slice, 1);
    span.micros += slice.cpuMicros;
    const root = rootOf(span);
    this.#add(root.owner?.account ?? this.otherRoots, slice, 1, root);
    if (root.owner?.request !== undefined) this.#addTo(root.owner.request, slice.cpuMicros);
  }

  #add(account: Account, slice: CpuSlice, part: number, owner?: SpanCost): void {
    account.add(slice, part, this.#stacks, Math.floor(slice.atMicros / SERIES_MICROS), owner);
  }

  #addTo(request: StoredRequest, micros: number): void {
    this.microsOf.set(request, (this.microsOf.get(request) ?? 0) + micros);
  }
}
