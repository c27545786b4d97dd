import type { IntegrationOptions } from './engine.ts';
import { type NodeProfilingIntegration, nodeProfilingIntegration } from './node-profiling-integration.ts';

interface ProfilingIntegrationClass {
  /** @deprecated Call {@link nodeProfilingIntegration} instead. */
  new (options?: IntegrationOptions): NodeProfilingIntegration;
}

/** The class that Sentry documented before version 8: `new ProfilingIntegration()` equals the function. */
export const ProfilingIntegration = function ProfilingIntegration(options?: IntegrationOptions) {
  return nodeProfilingIntegration(options);
} as unknown as ProfilingIntegrationClass;
