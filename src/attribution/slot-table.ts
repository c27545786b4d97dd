import type { Lane } from './lanes.ts';

/** Spans that own a slot at the same time; one more shares its parent's. A table of this size takes some 10 MB. */
const MOST_SLOTS = 65_536;
/** Slots count up and are never given twice in a process's life, short of this many spans. */
const LAST_SLOT = 2 ** 30;

export interface SpanIdentity {
  readonly traceId: string;
  readonly spanId: string;
}

/** A span that owns a slot. It holds texts and numbers, never the span itself. Times are of the sample clock, µs. */
export interface SlotOwner extends SpanIdentity {
  readonly slot: number;
  readonly parent: SlotOwner | null;
  readonly tree: SpanTree;
  readonly startMicros: number;
  /** Infinite while the span is alive. */
  endMicros: number;
  /** CPU time of the span itself, and with its descendants', so far. */
  selfMicros: number;
  totalMicros: number;
  /** What the span turned out to be called, known when it has ended. */
  name: string | undefined;
  route: string | undefined;
}

/** A root span and what descends from it: forgotten together, so that late code still finds a living ancestor. */
export interface SpanTree {
  readonly owners: SlotOwner[];
  readonly lane: Lane | null;
  alive: number;
}

/** Which span owns which slot. */
export class SlotTable {
  readonly #owners = new Map<number, SlotOwner>();
  readonly #trees = new Set<SpanTree>();
  #lastSlot = 0;
  /** Spans that found no free slot. */
  refused = 0;

  get inUse(): number {
    return this.#owners.size;
  }

  get(slot: number): SlotOwner | undefined {
    return this.#owners.get(slot);
  }

  get full(): boolean {
    return this.#owners.size >= MOST_SLOTS;
  }

  /** Starts a root span's tree. */
  plant(lane: Lane | null): SpanTree {
    const tree = { owners: [], lane, alive: 0 };
    this.#trees.add(tree);
    return tree;
  }

  own(span: SpanIdentity, tree: SpanTree, parent: SlotOwner | null, startMicros: number): SlotOwner {
    const owner: SlotOwner = {
      slot: this.#nextSlot(),
      traceId: span.traceId,
      spanId: span.spanId,
      parent,
      tree,
      startMicros,
      endMicros: Number.POSITIVE_INFINITY,
      selfMicros: 0,
      totalMicros: 0,
      name: undefined,
      route: undefined,
    };
    this.#owners.set(owner.slot, owner);
    tree.owners.push(owner);
    tree.alive++;
    return owner;
  }

  /** Ends a span; its tree is forgotten with the last of it. Returns whether it was. */
  end(owner: SlotOwner, endMicros: number): boolean {
    owner.endMicros = endMicros;
    owner.tree.alive--;
    if (owner.tree.alive > 0) return false;
    this.forget(owner.tree);
    return true;
  }

  forget(tree: SpanTree): void {
    for (const { slot } of tree.owners) this.#owners.delete(slot);
    this.#trees.delete(tree);
  }

  /** Trees whose root span started before a time, oldest first. */
  *treesOlderThan(micros: number): Generator<SpanTree> {
    for (const tree of this.#trees) {
      if ((tree.owners[0]?.startMicros ?? 0) >= micros) return;
      yield tree;
    }
  }

  /** The span that was running when `slot` was read at a time: its owner or the nearest ancestor that was alive. */
  running(slot: number, micros: number): SlotOwner | null {
    let owner = this.#owners.get(slot) ?? null;
    while (owner !== null && !(owner.startMicros <= micros && micros < owner.endMicros)) owner = owner.parent;
    return owner;
  }

  #nextSlot(): number {
    do this.#lastSlot = (this.#lastSlot % LAST_SLOT) + 1;
    while (this.#owners.has(this.#lastSlot));
    return this.#lastSlot;
  }
}
