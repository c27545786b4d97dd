import type { DropReason } from '../engine.ts';

/** What the profiler did and what it cost, since the process started. */
export class ProfilerCounters {
  sessionsStarted = 0;
  chunksStarted = 0;
  chunksSent = 0;
  /** Samples that showed the thread at work. */
  samples = 0;
  /** Those of them that no span is known for. */
  samplesWithoutSlot = 0;
  profilerRestarts = 0;
  lastStallMs = 0;
  maxStallMs = 0;
  readonly chunksDropped: Partial<Record<DropReason, number>> = {};
  #costMs = 0;
  #profiledMs = 0;

  drop(reason: DropReason): void {
    this.chunksDropped[reason] = (this.chunksDropped[reason] ?? 0) + 1;
  }

  /** Counts main-thread time that a start, cut or stop took. */
  addStall(milliseconds: number): void {
    this.lastStallMs = Math.round(milliseconds * 1000) / 1000;
    this.maxStallMs = Math.max(this.maxStallMs, this.lastStallMs);
    this.addCost(milliseconds);
  }

  /** Counts CPU time that profiling took, on whichever thread. */
  addCost(milliseconds: number): void {
    this.#costMs += milliseconds;
  }

  addProfiled(milliseconds: number): void {
    this.#profiledMs += milliseconds;
  }

  /** CPU time that profiling took as a share of the time profiled. */
  get overheadRatio(): number {
    return this.#profiledMs === 0 ? 0 : this.#costMs / this.#profiledMs;
  }
}
