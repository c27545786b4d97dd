/** The door for edge runtimes and browsers: the same names, and every call does nothing. */

import { disabledStatus } from './disabled-status.ts';
import type { IntegrationOptions, ProfiledWorker, ProfilingStatus } from './engine.ts';
import type { NodeProfilingIntegration } from './node-profiling-integration.ts';

export type { IntegrationOptions, ProfilingStatus } from './engine.ts';
export type { NodeProfilingIntegration } from './node-profiling-integration.ts';

const nothing = (): void => {};

export function nodeProfilingIntegration(_options?: IntegrationOptions): NodeProfilingIntegration {
  return { name: 'ProfilingIntegration', setup: nothing, _profiler: { start: nothing, stop: nothing } };
}

export const ProfilingIntegration = function ProfilingIntegration() {
  return nodeProfilingIntegration();
} as unknown as new (
  options?: IntegrationOptions,
) => NodeProfilingIntegration;

export const profiler = {
  startProfiler: nothing,
  stopProfiler: nothing,
  profileWorker: (_worker: ProfiledWorker) => async (): Promise<void> => {},
};

export function profilingStatus(): ProfilingStatus {
  return disabledStatus('this runtime is not Node');
}
