export type { IntegrationOptions, ProfilingStatus } from './engine.ts';
export {
  type NodeProfilingIntegration,
  nodeProfilingIntegration,
  profiler,
  profilingStatus,
} from './node-profiling-integration.ts';
export { ProfilingIntegration } from './profiling-integration-class.ts';
