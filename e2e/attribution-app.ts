import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppVariant, Bundler } from './app-variant.ts';
import { ROOT } from './package-tarball.ts';

const ROUTES = join(ROOT, 'test', 'fixtures', 'burning-routes.mjs');

/**
 * The example app with the burning routes at `/api/a`, `/api/b` and `/api/c`, and `profilingStatus()` at `/api/status`.
 * The environment chooses: PROFILING is JSON for the integration, SENTRY_INIT for `Sentry.init()`, where a null takes an
 * option away and `null` for all of it the call.
 */
export function attributionApp(bundler: Bundler): AppVariant {
  const handler = (body: string): string =>
    `import * as routes from '../../../lib/burning-routes.mjs';
export const dynamic = 'force-dynamic';
export async function GET(request) {
  ${body}
}
`;
  const burning = (route: string): string =>
    handler(`await routes.${route}(new URL('/api/light', request.url));\n  return new Response('done');`);
  return {
    name: `attribution-${bundler}`,
    next: 16,
    bundler,
    files: {
      'lib/burning-routes.mjs': readFileSync(ROUTES, 'utf8'),
      'app/api/a/route.js': burning('routeA'),
      'app/api/b/route.js': burning('routeB'),
      'app/api/c/route.js': burning('routeC'),
      'app/api/burned/route.js': handler('return Response.json(routes.burned);'),
      'app/api/status/route.js': STATUS,
      'instrumentation.ts': INSTRUMENTATION,
    },
  };
}

const STATUS = `import { profilingStatus } from 'next-profiling';
export const dynamic = 'force-dynamic';
export const GET = () => Response.json(profilingStatus());
`;

const INSTRUMENTATION = `import * as Sentry from '@sentry/nextjs';
import { nodeProfilingIntegration } from 'next-profiling';

export function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const chosen = JSON.parse(process.env.SENTRY_INIT ?? '{}');
    if (chosen === null) return;
    const options = {
      tracesSampleRate: 1,
      profileSessionSampleRate: 1,
      profileLifecycle: 'trace',
      integrations: [nodeProfilingIntegration(JSON.parse(process.env.PROFILING ?? '{}'))],
      ...chosen,
    };
    Sentry.init(Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)));
  }
}
`;
