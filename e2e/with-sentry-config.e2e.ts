import { expect, test } from '@playwright/test';
import { Sink } from '../test/sink.ts';
import type { AppVariant } from './app-variant.ts';
import { buildApp } from './build-app.ts';
import { deploy, filesEnding } from './deployment.ts';
import { expectOnlyAcceptableChunks, requestSpans, untilSampled } from './received-profiles.ts';
import { RunningApp } from './running-app.ts';

const config = (expression: string): Record<string, string> => ({
  'next.config.ts': `
import { withSentryConfig } from '@sentry/nextjs/config';
import { withProfiling } from 'next-profiling/plugin';

const sentry = { silent: true, telemetry: false, sourcemaps: { disable: true } };
export default ${expression};
`,
});

const OUTSIDE = config("withSentryConfig(withProfiling({ output: 'standalone' }), sentry)");
const INSIDE = config("withProfiling(withSentryConfig({ output: 'standalone' }, sentry))");

const VARIANTS: readonly AppVariant[] = [
  { name: 'sentry-outside-turbopack', next: 16, bundler: 'turbopack', files: OUTSIDE },
  { name: 'sentry-inside-turbopack', next: 16, bundler: 'turbopack', files: INSIDE },
  { name: 'sentry-outside-webpack', next: 16, bundler: 'webpack', files: OUTSIDE },
];

for (const variant of VARIANTS) {
  test(`composes with withSentryConfig, ${variant.name}`, async () => {
    const app = await buildApp(variant);
    const deployment = await deploy(app);
    const sink = await Sink.listen();
    const server = await RunningApp.startStandalone(deployment.server, { SENTRY_DSN: sink.dsn });
    try {
      const ours = (await filesEnding(deployment.folder, '.node')).filter((path) => path.includes('next-profiling'));
      expect(ours).toHaveLength(1);
      expect(await (await server.get('/api/busy?ms=1000')).json()).toMatchObject({ ms: 1000 });
      await untilSampled(sink, 'burnCpu', 50);
      expectOnlyAcceptableChunks(sink);
      await sink.until(() => requestSpans(sink).includes('GET /api/busy'), 'the span of GET /api/busy');
    } finally {
      await server.stop();
      sink.close();
      await deployment.remove();
    }
  });
}
