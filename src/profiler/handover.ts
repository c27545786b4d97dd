import type { DropReason } from '../engine.ts';
import { Drops } from './drops.ts';
import type { ProfilerCounters } from './profiler-counters.ts';

/** What the profiler needs to know of the world outside. */
export interface ChunkOutlet {
  /** Members of a chunk that describe its sender: `platform`, `client_sdk`, `release`, `environment`. */
  describe(): Record<string, unknown>;
  /** Two lines for each script: its name and its debug id. */
  debugIds(): string;
  /** Takes one serialised chunk. Never rejects. */
  send(json: Uint8Array): Promise<Delivery>;
}

/** What became of a chunk. `kept`: nothing yet, it is not sent as it is. */
export type Delivery = 'sent' | 'kept' | DropReason;

/** A chunk from its cut until it is known what became of it. Unix time in seconds. */
export interface PendingChunk {
  readonly start: number;
  readonly end: number;
  /** What it tells of what did not arrive before it. */
  readonly told: Drops;
}

/** Hands chunks to the outlet, counts what becomes of them, and has later ones tell of those that do not arrive. */
export class Handover {
  readonly #outlet: ChunkOutlet;
  readonly #counters: ProfilerCounters;
  #untold = new Drops();

  constructor(outlet: ChunkOutlet, counters: ProfilerCounters) {
    this.#outlet = outlet;
    this.#counters = counters;
  }

  /**
   * A chunk that is being cut.
   *
   * @param startedMs by `performance.now()`
   */
  cut(startedMs: number): PendingChunk {
    const endMs = Date.now();
    const startMs = Math.round(endMs - (performance.now() - startedMs));
    const told = this.#untold;
    this.#untold = new Drops();
    return { start: startMs / 1000, end: endMs / 1000, told };
  }

  async send(json: Uint8Array, pending: PendingChunk, samples: number): Promise<void> {
    const delivery = await this.#outlet.send(json);
    if (delivery === 'sent') this.#counters.chunksSent++;
    else if (delivery !== 'kept') this.drop(delivery, pending, samples);
  }

  /** Counts a chunk that does not arrive, and has a later one tell of it, and of what it would have told of itself. */
  drop(reason: DropReason, { start, end, told }: PendingChunk, samples = 0): void {
    this.#counters.drop(reason);
    this.#untold.addAll(told);
    // Nothing was at work, so there is nothing to miss.
    if (reason !== 'too_few_samples') this.#untold.add({ reason, chunks: 1, samples, start, end });
  }
}
