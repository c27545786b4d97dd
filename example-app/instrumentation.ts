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
}
