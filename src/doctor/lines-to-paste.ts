/** What a user pastes to put something right. */

export const WRAP_CONFIG = `in next.config.ts, then build again:
import { withProfiling } from 'next-profiling/plugin';
export default withProfiling(nextConfig);`;

export const withTarget = (target: string): string => `in next.config.ts, then build again:
export default withProfiling(nextConfig, { target: '${target}' });`;

export const BUILD_AGAIN = 'npx next build';

export const INSTRUMENTATION = `in instrumentation.ts beside the app folder, then build again:
import * as Sentry from '@sentry/nextjs';
import { nodeProfilingIntegration } from 'next-profiling';
export function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    Sentry.init({
      tracesSampleRate: 1,
      profileSessionSampleRate: 1,
      profileLifecycle: 'trace',
      integrations: [nodeProfilingIntegration()],
    });
  }
}`;

export const INTEGRATION = `in instrumentation.ts, then build again:
import { nodeProfilingIntegration } from 'next-profiling';
Sentry.init({ integrations: [nodeProfilingIntegration()] });`;

/** A member of the object that `Sentry.init` gets. */
export const inSentryInit = (member: string): string => `in Sentry.init() of the server, then build again:\n${member},`;
