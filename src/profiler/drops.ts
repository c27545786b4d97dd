import type { ChunkExtension, Drop } from '../profile/types.ts';

/** What was dropped and no chunk that arrived has told of yet: one entry per reason, so that it stays small. */
export class Drops {
  readonly #byReason = new Map<string, Drop>();

  add(drop: Drop): void {
    const { chunks, samples, start, end } = this.#byReason.get(drop.reason) ?? { ...drop, chunks: 0, samples: 0 };
    this.#byReason.set(drop.reason, {
      reason: drop.reason,
      chunks: chunks + drop.chunks,
      samples: samples + drop.samples,
      start: Math.min(start, drop.start),
      end: Math.max(end, drop.end),
    });
  }

  addAll(drops: Drops): void {
    for (const drop of drops.#byReason.values()) this.add(drop);
  }

  /** As a chunk says it. */
  asExtension(): Pick<ChunkExtension, 'dropped'> {
    return this.#byReason.size === 0 ? {} : { dropped: [...this.#byReason.values()] };
  }
}
