/** What the serialiser is told of the samples of a chunk: see `ChunkMeta` in `native/binding.ts`. */
export interface ChunkContext {
  readonly records: Float64Array;
  readonly threads: readonly string[];
  readonly spanExtension: string;
  /** CPU time that the thread used between the samples while sampling slept; `null` if it was not watched. */
  readonly unsampledCpuMicros: number | null;
  /** CPU time that it took to take the samples, as far as it was watched. */
  readonly handlerMicros: number;
  /** Records that were overwritten before they were read, and with them the samples. */
  readonly recordsLost: number;
}

/** How sampling begins. */
export interface Beginning {
  /** Whether it slept; otherwise it goes on where it was interrupted. */
  readonly afterSleep: boolean;
  /** What a sample stands for from now on; ticks that are closer than that are not all used. */
  readonly intervalMicros: number;
}

/** Knows more of samples than their stacks. Told when sampling goes on and off. */
export interface SampleWitness {
  started(beginning: Beginning): void;
  stopped(): void;
  /** What the samples since the last call say. */
  takeChunk(): ChunkContext;
}
