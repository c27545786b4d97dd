import type { FoundSpan, ProfileStore, StoredRequest } from '../store/profile-store.ts';
import type { Ledger } from './ledger.ts';
import { type RootOwner, rootOf, type SpanCost, spanKey } from './span-costs.ts';

/** Finds out who pays for what was spent in and below root spans. */
export class RootOwners {
  readonly #store: ProfileStore;
  readonly #ledger: Ledger;
  readonly #requests: ReadonlyMap<string, StoredRequest>;

  /** @param requests those of the range */
  constructor(store: ProfileStore, ledger: Ledger, requests: readonly StoredRequest[]) {
    this.#store = store;
    this.#ledger = ledger;
    this.#requests = new Map(requests.map((request) => [spanKey(request), request]));
  }

  /** Gives the root of each of these spans its owner, once and for all. Rejects with `NP_STORE`. */
  async assign(spans: Iterable<SpanCost>): Promise<void> {
    const open = [...new Set([...spans].map(rootOf))].filter(({ owner }) => owner === undefined);
    const strange = open.filter((root) => !this.#requests.has(spanKey(root)));
    const found = new Map<string, FoundSpan>();
    for await (const span of this.#store.spans(strange)) found.set(spanKey(span), span);
    for (const root of open) {
      const span = found.get(spanKey(root));
      // A request from outside of the range can be at work within it: after its answer, say.
      const request = this.#requests.get(spanKey(root)) ?? (span?.isRequest ? span : undefined);
      root.owner =
        request === undefined
          ? this.#withoutRequest(root, span !== undefined)
          : { account: this.#ledger.accountOf(request), request, received: true };
    }
  }

  /** Only what its chunk identifies as a route is listed as one, and not if its span says that it is no request. */
  #withoutRequest({ route }: SpanCost, received: boolean): RootOwner {
    const { otherRoots } = this.#ledger;
    return { account: route && !received ? this.#ledger.route(route) : otherRoots, received };
  }
}
