/** The thread that a span's samples are sent under. */
export interface Thread {
  /** A numeric string: Sentry reads it as a number. */
  readonly id: string;
  readonly name: string;
}

export interface Lane extends Thread {
  readonly index: number;
  /** When the last sample that was sent under it weighs no longer, sample clock, microseconds. */
  busyUntil: number;
}

/** Lanes of the thread with id n have the ids 1000 (n + 1) + 1 and up. */
const LANES_PER_THREAD = 1_000;

/**
 * Virtual threads for requests that are in flight together. Sentry selects samples by thread and time, so a request that
 * has a lane to itself is shown without its neighbours. Each takes the lowest lane that is free.
 */
export class Lanes {
  readonly #threadId: number;
  readonly #threadName: string;
  readonly #lanes: Lane[] = [];
  readonly #taken = new Set<Lane>();

  constructor(threadId: number, threadName: string) {
    this.#threadId = threadId;
    this.#threadName = threadName;
  }

  get inUse(): number {
    return this.#taken.size;
  }

  /** The lowest free lane; `null` if there are as many requests as a thread has lanes. */
  take(nowMicros: number): Lane | null {
    // The last sample of the request before may still weigh.
    let lane = this.#lanes.find((candidate) => !this.#taken.has(candidate) && candidate.busyUntil <= nowMicros);
    lane ??= this.#add();
    if (lane) this.#taken.add(lane);
    return lane ?? null;
  }

  release(lane: Lane): void {
    this.#taken.delete(lane);
  }

  #add(): Lane | undefined {
    const index = this.#lanes.length + 1;
    if (index >= LANES_PER_THREAD) return undefined;
    const id = String((this.#threadId + 1) * LANES_PER_THREAD + index);
    const lane = { index, id, name: `${this.#threadName} · lane ${index}`, busyUntil: 0 };
    this.#lanes.push(lane);
    return lane;
  }
}
