import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppVariant, Bundler } from './app-variant.ts';
import { ROOT } from './package-tarball.ts';

const ROUTES = join(ROOT, 'test', 'fixtures', 'burning-routes.mjs');

/** The example app with the burning routes at `/api/a`, `/api/b` and `/api/c`; PROFILING is JSON for the integration. */
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
      'instrumentation.ts': INSTRUMENTATION,
    },
  };
}

const INSTRUMENTATION = `import * as Sentry from '@sentry/nextjs';
import { nodeProfilingIntegration } from 'next-profiling';

export function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    Sentry.init({
      tracesSampleRate: 1,
      profileSessionSampleRate: 1,
      profileLifecycle: 'trace',
      integrations: [nodeProfilingIntegration(JSON.parse(process.env.PROFILING ?? '{}'))],
    });
  }
}
`;
