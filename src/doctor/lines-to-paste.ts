/** What a user pastes to put something right. */

const IMPORT_PLUGIN = "import { withProfiling } from 'next-profiling/plugin';";
const IMPORT_SENTRY = "import * as Sentry from '@sentry/nextjs';";
const IMPORT_DOOR = "import { nodeProfilingIntegration } from 'next-profiling';";

export const WRAP_CONFIG = `in next.config.ts, then build again:
${IMPORT_PLUGIN}
export default withProfiling(nextConfig);`;

export const withTarget = (target: string): string => `in next.config.ts, then build again:
export default withProfiling(nextConfig, { target: '${target}' });`;

export const BUILD_AGAIN = 'npx next build';

/** `test/readme.test.ts` holds it against the example app's. */
export const INSTRUMENTATION = `in instrumentation.ts beside the app folder, then build again:
${IMPORT_SENTRY}
${IMPORT_DOOR}

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
${IMPORT_DOOR}
Sentry.init({ integrations: [nodeProfilingIntegration()] });`;

export const NEXT_SPANS = `let Next's spans reach the Sentry SDK:
- in Sentry.init(), neither enableOpenTelemetrySetup: false nor skipOpenTelemetrySetup: true
- no other OpenTelemetry provider before Sentry.init()`;

/** A member of the object that `Sentry.init` gets. */
export const inSentryInit = (member: string): string => `in Sentry.init() of the server, then build again:\n${member},`;
