import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Sink } from '../test/sink.ts';
import type { AppVariant, Bundler } from './app-variant.ts';
import { buildApp, buildInPlace } from './build-app.ts';
import { deploy } from './deployment.ts';
import { expectOnlyAcceptableChunks, untilSampledOn } from './received-profiles.ts';
import { expectEveryRouteToWork } from './routes.ts';
import { RunningApp } from './running-app.ts';
import { spanTree } from './span-tree.ts';

/** The four wrappers around a config with a webpack function, a rule and a hook of the user's; ours is first or last. */
const config = (wrapped: string): string => `import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import withBundleAnalyzer from '@next/bundle-analyzer';
import createMdx from '@next/mdx';
import { withSentryConfig } from '@sentry/nextjs/config';
import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';
import { withProfiling } from 'next-profiling/plugin';

const users: NextConfig = {
  output: 'standalone',
  pageExtensions: ['ts', 'tsx', 'mdx'],
  webpack(config) {
    config.module.rules.push({ test: /\\.fruit$/, type: 'asset/source' });
    return config;
  },
  turbopack: { rules: { '*.fruit': { loaders: ['./fruit-loader.cjs'], as: '*.js' } } },
  compiler: {
    runAfterProductionCompile: async ({ distDir }) => writeFile(join(distDir, 'users-hook'), 'ran'),
  },
};
const others = (config: NextConfig): NextConfig =>
  withSentryConfig(
    withBundleAnalyzer({ openAnalyzer: false, logLevel: 'error' })(createMdx()(createNextIntlPlugin()(config))),
    { silent: true, telemetry: false, sourcemaps: { disable: true } },
  );

export default ${wrapped};
`;

const FILES = {
  'fruit-loader.cjs': 'module.exports = (text) => "export default " + JSON.stringify(text);',
  'basket.fruit': 'pears',
  'basket.d.ts': "declare module '*.fruit' { const text: string; export default text; }",
  'mdx-components.tsx': 'export const useMDXComponents = () => ({});',
  'i18n/request.ts': `import { getRequestConfig } from 'next-intl/server';
export default getRequestConfig(async () => ({ locale: 'en', messages: { Greeting: { title: 'Good day' } } }));
`,
  'app/read/page.mdx': '# Written in Markdown\n',
  'app/greeting/page.tsx': `import { getTranslations } from 'next-intl/server';
import basket from '../../basket.fruit';
export const dynamic = 'force-dynamic';
export default async function Greeting() {
  const t = await getTranslations('Greeting');
  return <h1>{t('title') + ', ' + basket}</h1>;
}
`,
};

const ORDERS = { outside: 'withProfiling(others(users))', inside: 'others(withProfiling(users))' };

/** One order for each bundler: a config is composed before a bundler sees it. */
const CASES: readonly { bundler: Bundler; order: keyof typeof ORDERS }[] = [
  { bundler: 'turbopack', order: 'outside' },
  { bundler: 'webpack', order: 'inside' },
];

for (const { bundler, order } of CASES) {
  test(`composes with the wrappers of Sentry, next-intl, MDX and the analyzer, ${order} of them, ${bundler}`, async () => {
    const files = { ...FILES, 'next.config.ts': config(ORDERS[order]) };
    const variant: AppVariant = { name: `wrappers-${order}-${bundler}`, next: 16, bundler, files };
    const app = await buildApp(variant);
    const output = join(await buildInPlace(variant), '.next');
    expect(existsSync(join(output, 'users-hook')), 'the hook of the user').toBe(true);
    expect(existsSync(join(output, 'analyze', 'nodejs.html')), 'the report').toBe(bundler === 'webpack');

    const deployment = await deploy(app);
    const sink = await Sink.listen();
    const server = await RunningApp.startStandalone(deployment.server, { SENTRY_DSN: sink.dsn });
    try {
      expect(await (await server.get('/read')).text()).toContain('Written in Markdown</h1>');
      expect(await (await server.get('/greeting')).text()).toContain('Good day, pears</h1>');
      await expectEveryRouteToWork(server);
      expect((await server.get('/api/busy?ms=500')).status).toBe(200);
      await untilSampledOn(sink, 'burnCpu', '/api/busy', 20);
      expectOnlyAcceptableChunks(sink);
      expect(spanTree(sink).map(({ name }) => name)).toEqual(
        expect.arrayContaining(['Page /greeting', 'Route GET /api/busy']),
      );
      expect(server.output).not.toContain('[next-profiling]');
    } finally {
      await server.stop();
      sink.close();
      await deployment.remove();
    }
  });
}
