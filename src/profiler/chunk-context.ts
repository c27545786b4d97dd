/** What the serialiser is told of the samples of a chunk: see `ChunkMeta` in `native/binding.ts`. */
export interface ChunkContext {
  readonly records: Float64Array;
  readonly threads: readonly string[];
  readonly spanExtension: string;
}

/** Knows more of samples than their stacks. Told when sampling goes on and off. */
export interface SampleWitness {
  /** Sampling has begun: after a sleep, or where it was interrupted. */
  started(afterSleep: boolean): void;
  stopped(): void;
  /** What the samples since the last call say. */
  takeChunk(): ChunkContext;
}
