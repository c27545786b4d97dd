import type { SampleWitness } from '../../src/profiler/chunk-context.ts';

/** Knows nothing of samples but their stacks. */
export const NO_WITNESS: SampleWitness = {
  started: () => {},
  stopped: () => {},
  takeChunk: () => ({
    records: new Float64Array(),
    threads: ['0', 'main'],
    spanExtension: '',
    unsampledCpuMicros: null,
    handlerMicros: 0,
    recordsLost: 0,
  }),
};
