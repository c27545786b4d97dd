import type { ProfilingStatus } from './engine.ts';

/** The status of a process without an engine. */
export function disabledStatus(reason: string): ProfilingStatus {
  return {
    state: 'disabled',
    reason,
    binding: null,
    attribution: { enabled: false, reason, slotsInUse: 0, lanesInUse: 0, slotsRefused: 0 },
    lifecycle: null,
    profilerId: null,
    counters: {
      sessionsStarted: 0,
      chunksStarted: 0,
      chunksSent: 0,
      chunksDropped: {},
      samples: 0,
      samplesWithoutSlot: 0,
      profilerRestarts: 0,
    },
    cost: { lastStallMs: 0, maxStallMs: 0, overheadRatio: 0, samplingIntervalMicros: 0, bytesHeld: 0 },
  };
}
