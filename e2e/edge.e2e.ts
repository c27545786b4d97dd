import { expect, test } from '@playwright/test';
import { Sink } from '../test/sink.ts';
import type { AppVariant, Bundler } from './app-variant.ts';
import { buildApp } from './build-app.ts';
import { deploy } from './deployment.ts';
import { untilSampled } from './received-profiles.ts';
import { RunningApp } from './running-app.ts';

/** The door imported and called for every runtime, with an edge route and edge middleware in the app. */
const FILES = {
  'instrumentation.ts': `
import * as Sentry from '@sentry/nextjs';
import { nodeProfilingIntegration, profilingStatus } from 'next-profiling';

export function register() {
  Sentry.init({
    tracesSampleRate: 1,
    profileSessionSampleRate: 1,
    profileLifecycle: 'trace',
    integrations: [nodeProfilingIntegration()],
  });
  console.log('registered', process.env.NEXT_RUNTIME, profilingStatus().state);
}
`,
  'app/api/edge/route.ts': `
import { profilingStatus } from 'next-profiling';

export const runtime = 'edge';
export const dynamic = 'force-dynamic';

export async function GET() {
  return Response.json({ state: profilingStatus().state });
}
`,
  'middleware.ts': `
import { NextResponse } from 'next/server';

export function middleware() {
  return NextResponse.next();
}
`,
};

for (const bundler of ['turbopack', 'webpack'] satisfies Bundler[]) {
  test(`an unguarded import builds for the edge and does nothing there, ${bundler}`, async () => {
    const variant: AppVariant = { name: `edge-${bundler}`, next: 16, bundler, files: FILES };
    const app = await buildApp(variant);
    expect(app.log).not.toContain('not supported in the Edge Runtime');
    const deployment = await deploy(app);
    const sink = await Sink.listen();
    const server = await RunningApp.startStandalone(deployment.server, { SENTRY_DSN: sink.dsn });
    try {
      expect(await (await server.get('/api/edge')).json()).toEqual({ state: 'disabled' });
      expect((await server.get('/api/busy?ms=1000')).status).toBe(200);
      await untilSampled(sink, 'burnCpu', 50);
      expect(server.output).toContain('registered edge disabled');
      expect(server.output).not.toContain('[next-profiling]');
    } finally {
      await server.stop();
      sink.close();
      await deployment.remove();
    }
  });
}
