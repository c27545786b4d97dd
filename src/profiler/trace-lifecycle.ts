/** What a lifecycle drives. */
export interface SessionSwitch {
  start(): void;
  stop(): void;
  /** Something is there to see. */
  wake(): void;
  /** For now there is nothing to see. */
  rest(): void;
}

/**
 * Profiles while recording root spans are alive, and a little longer: requests of a few milliseconds then share a
 * chunk instead of each starting and stopping the profiler.
 *
 * Alive spans are a set of ids, not a counter: the SDK announces the start of spans that are not sampled and never
 * their end. And a span that is never ended stops counting at a maximum age.
 */
export class TraceLifecycle {
  readonly #session: SessionSwitch;
  readonly #idleTimeoutMs: number;
  readonly #maxSpanDurationMs: number;
  /** Root spans by id, in order of their start, with the time of their start. */
  readonly #alive = new Map<string, number>();
  #idleTimer: NodeJS.Timeout | undefined;
  #ageTimer: NodeJS.Timeout | undefined;

  constructor(session: SessionSwitch, options: { idleTimeoutMs: number; maxSpanDurationMs: number }) {
    this.#session = session;
    this.#idleTimeoutMs = options.idleTimeoutMs;
    this.#maxSpanDurationMs = options.maxSpanDurationMs;
  }

  rootStarted(spanId: string): void {
    this.#alive.set(spanId, performance.now());
    clearTimeout(this.#idleTimer);
    this.#session.start();
    this.#session.wake();
    if (this.#ageTimer === undefined) this.#watchAge(this.#maxSpanDurationMs);
  }

  /** Whether it was a root span that is alive. */
  rootEnded(spanId: string): boolean {
    const wasAlive = this.#alive.delete(spanId);
    if (wasAlive && this.#alive.size === 0) this.#linger();
    return wasAlive;
  }

  #linger(): void {
    clearTimeout(this.#ageTimer);
    this.#ageTimer = undefined;
    this.#session.rest();
    this.#idleTimer = setTimeout(() => this.#session.stop(), this.#idleTimeoutMs).unref();
  }

  #watchAge(delayMs: number): void {
    this.#ageTimer = setTimeout(() => this.#forgetOld(), delayMs).unref();
  }

  #forgetOld(): void {
    const nowMs = performance.now();
    for (const [spanId, startedMs] of this.#alive) {
      const leftMs = startedMs + this.#maxSpanDurationMs - nowMs;
      // The oldest come first, so the first that is young enough is the next to watch.
      if (leftMs > 0) return this.#watchAge(leftMs);
      this.#alive.delete(spanId);
    }
    this.#linger();
  }
}
