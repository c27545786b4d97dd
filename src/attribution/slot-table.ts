import type { Lane } from './lanes.ts';

/** Spans that own a slot at the same time; one more shares its parent's. A table of this size takes some 10 MB. */
const MOST_SLOTS = 65_536;
/** Slots count up and are never given twice in a process's life, short of this many spans. */
const LAST_SLOT = 2 ** 30;
/** A slot's place is its number's remainder. With twice as many as owners, the next free one is near. */
const PLACES = 2 * MOST_SLOTS;
/**
 * So long after its end a root span still gets what its task does: writing the response out, and the SDK's own work on
 * the span. Not for ever: a connection that the task has opened serves others later.
 */
const LATE_MICROS = 100_000;
/** What is over waits so long to be forgotten with others: looking for it costs as much as a span. */
const TIDY_EVERY_MICROS = 20_000;
/** So long a request's root span is waited for. Of what is not traced, a static file say, there never is one. */
const ARRIVING_MICROS = 1_000_000;

export interface SpanIdentity {
  readonly traceId: string;
  readonly spanId: string;
}

/** A span that owns a slot. It holds texts and numbers, never the span itself. Times are of the sample clock, µs. */
export interface SlotOwner {
  readonly slot: number;
  /** Both empty while a request is arriving: its root span, which will own this slot, has not started. */
  traceId: string;
  spanId: string;
  readonly parent: SlotOwner | null;
  readonly tree: SpanTree;
  /** Of a root span, when its request arrived. */
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
  /** The root first. */
  readonly owners: SlotOwner[];
  lane: Lane | null;
  /** When the root span started and took the lane; infinite before. */
  startMicros: number;
  alive: number;
  /** When the last span had ended; infinite before. */
  endMicros: number;
}

/** Owns the slot of a request until its root span does. */
const NOBODY: SpanIdentity = { traceId: '', spanId: '' };

/** Which span owns which slot. */
export class SlotTable {
  /** By place: no hashing on the way of a span, which looks here a dozen times. */
  readonly #owners: (SlotOwner | undefined)[] = new Array(PLACES);
  #size = 0;
  /** Of requests without a root span yet, in order of their arrival. */
  readonly #arriving = new Set<SpanTree>();
  /** With living spans, in order of their start. */
  readonly #trees = new Set<SpanTree>();
  /** Without, in order of their end. */
  readonly #ended = new Set<SpanTree>();
  #endedOwners = 0;
  #lastSlot = 0;
  #tidiedMicros = Number.NEGATIVE_INFINITY;
  /** Spans that found no free slot. */
  refused = 0;

  /** Slots of trees with living spans. */
  get inUse(): number {
    return this.#size - this.#endedOwners - this.#arriving.size;
  }

  get(slot: number): SlotOwner | undefined {
    const owner = this.#owners[slot % PLACES];
    return owner?.slot === slot ? owner : undefined;
  }

  get full(): boolean {
    return this.#size >= MOST_SLOTS;
  }

  /** Starts a root span's tree. */
  plant(lane: Lane | null, startMicros: number): SpanTree {
    const tree = { owners: [], lane, startMicros, alive: 0, endMicros: Number.POSITIVE_INFINITY };
    this.#trees.add(tree);
    return tree;
  }

  /** Gives a slot to a request whose root span has not started. */
  arrive(micros: number): SlotOwner {
    const never = Number.POSITIVE_INFINITY;
    const tree: SpanTree = { owners: [], lane: null, startMicros: never, alive: 0, endMicros: never };
    this.#arriving.add(tree);
    return this.own(NOBODY, tree, null, micros);
  }

  /** Whether a slot is that of a request whose root span has not started. */
  isArriving(slot: number): boolean {
    return this.get(slot)?.spanId === NOBODY.spanId;
  }

  /** Makes a root span the owner of its request's slot. */
  adopt(slot: number, span: SpanIdentity, lane: Lane | null, startMicros: number): void {
    const owner = this.get(slot);
    if (owner === undefined) return;
    owner.traceId = span.traceId;
    owner.spanId = span.spanId;
    owner.tree.lane = lane;
    owner.tree.startMicros = startMicros;
    this.#arriving.delete(owner.tree);
    this.#trees.add(owner.tree);
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
    this.#owners[owner.slot % PLACES] = owner;
    this.#size++;
    tree.owners.push(owner);
    tree.alive++;
    return owner;
  }

  /** Ends a span, and with the last one its tree. Returns whether it was that. */
  end(owner: SlotOwner, endMicros: number): boolean {
    const { tree } = owner;
    owner.endMicros = endMicros;
    tree.alive--;
    if (tree.alive > 0) return false;
    tree.endMicros = endMicros;
    this.#trees.delete(tree);
    this.#ended.add(tree);
    this.#endedOwners += tree.owners.length;
    return true;
  }

  /** Forgets a tree with living spans. */
  forget(tree: SpanTree): void {
    this.#trees.delete(tree);
    this.#release(tree);
  }

  /** Forgets what is over, if it is time to look again. */
  tidy(micros: number): void {
    if (micros < this.#tidiedMicros + TIDY_EVERY_MICROS) return;
    this.#tidiedMicros = micros;
    this.forgetEnded(micros);
    this.#forgetArrived(micros - ARRIVING_MICROS);
  }

  /** Forgets the trees that ended so long before a time that nothing is theirs any more. */
  forgetEnded(micros: number): void {
    for (const tree of this.#ended) {
      if (micros < tree.endMicros + LATE_MICROS) return;
      this.#ended.delete(tree);
      this.#endedOwners -= tree.owners.length;
      this.#release(tree);
    }
  }

  #forgetArrived(untilMicros: number): void {
    for (const tree of this.#arriving) {
      if ((tree.owners[0]?.startMicros ?? 0) > untilMicros) return;
      this.#arriving.delete(tree);
      this.#release(tree);
    }
  }

  #release(tree: SpanTree): void {
    for (const { slot } of tree.owners) this.#owners[slot % PLACES] = undefined;
    this.#size -= tree.owners.length;
  }

  /** Trees whose root span started before a time, oldest first. */
  *treesOlderThan(micros: number): Generator<SpanTree> {
    for (const tree of this.#trees) {
      if ((tree.owners[0]?.startMicros ?? 0) >= micros) return;
      yield tree;
    }
  }

  /**
   * The span that was running when `slot` was read at a time: its owner or the nearest ancestor that was alive; the
   * root if none was, but until shortly before.
   */
  running(slot: number, micros: number): SlotOwner | null {
    const owner = this.get(slot);
    for (let at = owner ?? null; at !== null; at = at.parent) {
      if (at.startMicros <= micros && micros < at.endMicros) return at;
    }
    const root = owner?.tree.owners[0];
    return root !== undefined && micros < root.endMicros + LATE_MICROS ? root : null;
  }

  #nextSlot(): number {
    do this.#lastSlot = (this.#lastSlot % LAST_SLOT) + 1;
    while (this.#owners[this.#lastSlot % PLACES] !== undefined && this.#size < PLACES);
    return this.#lastSlot;
  }
}
