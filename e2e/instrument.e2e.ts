import { expect, test } from '@playwright/test';
import { Sink } from '../test/sink.ts';
import type { AppVariant } from './app-variant.ts';
import { type BuiltApp, buildApp } from './build-app.ts';
import { type Deployment, deploy } from './deployment.ts';
import { expectEveryRouteToWork } from './routes.ts';
import { RunningApp } from './running-app.ts';
import { spanTree, type TreeSpan } from './span-tree.ts';

/** What the example app has not: a function for each kind of span that is left. */
const FILES = {
  'app/blog/layout.tsx': `export default async function BlogLayout({ children }: { children: React.ReactNode }) {
  await null;
  return <section>{children}</section>;
}`,
  'app/blog/template.tsx': 'export default ({ children }: { children: React.ReactNode }) => <div>{children}</div>;',
  'app/blog/[slug]/layout.tsx': `export { default } from '../plain-layout';
export async function generateMetadata({ params }: { params: Promise<{ slug: string }> }) {
  return { title: (await params).slug };
}`,
  'app/blog/plain-layout.tsx': `export default function PlainLayout({ children }: { children: React.ReactNode }) {
  return children;
}`,
  'app/gone/page.tsx': `import { notFound } from 'next/navigation';
export const dynamic = 'force-dynamic';
export default async function Gone() {
  await null;
  notFound();
}`,
  'app/away/route.ts': `import { redirect } from 'next/navigation';
export const dynamic = 'force-dynamic';
export const GET = () => redirect('/api/light');`,
  'pages/y.tsx': `export const getServerSideProps = async () => ({ props: { y: 7 } });
export default function Y({ y }: { y: number }) {
  return <p>y is {y}</p>;
}`,
};

const VARIANTS: readonly AppVariant[] = [
  { name: 'instrument-16-turbopack', next: 16, bundler: 'turbopack', files: { ...FILES, 'proxy.ts': proxy('proxy') } },
  { name: 'instrument-16-webpack', next: 16, bundler: 'webpack', files: { ...FILES, 'proxy.ts': proxy('proxy') } },
  { name: 'instrument-15-webpack', next: 15, bundler: 'webpack', files: FILES },
];

function proxy(name: string): string {
  return `import { NextResponse } from 'next/server';
export function ${name}() {
  return NextResponse.next();
}
export const config = { matcher: '/blog/:path*' };`;
}

for (const variant of VARIANTS) {
  test.describe(`spans of the user's code, ${variant.name}`, () => {
    let app: BuiltApp;
    let deployment: Deployment;
    let sink: Sink;
    let server: RunningApp;

    test.beforeAll(async () => {
      app = await buildApp(variant);
      deployment = await deploy(app);
      sink = await Sink.listen();
      server = await RunningApp.startStandalone(deployment.server, { SENTRY_DSN: sink.dsn });
    });
    test.afterAll(async () => {
      await server?.stop();
      sink?.close();
      await deployment?.remove();
    });

    const find = (name: string): TreeSpan | undefined => spanTree(sink).find((span) => span.name === name);
    const until = (...names: string[]): Promise<void> =>
      sink.until(() => names.every((name) => find(name)), `the spans ${names.join(', ')}`, 30_000);

    test('every route works as it did, and has its spans below its request’s', async () => {
      await expectEveryRouteToWork(server);
      expect(await (await server.get('/y')).text()).toContain('y is');
      const names = [
        'Page /',
        'Layout /',
        'Component Recommendations',
        'Page /blog/[slug]',
        'Layout /blog',
        'Layout /blog/[slug]',
        'Template /blog',
        'Metadata /blog/[slug]',
        'Route GET /api/busy',
        'Action vote',
        'API /api/legacy',
        'getServerSideProps /y',
      ];
      await until(...names);
      const roots = Object.fromEntries(names.map((name) => [name, find(name)?.above.at(-1)]));
      expect(roots).toEqual({
        'Page /': 'GET /',
        'Layout /': expect.stringMatching(/^GET \//),
        'Component Recommendations': 'GET /',
        'Page /blog/[slug]': 'GET /blog/[slug]',
        'Layout /blog': 'GET /blog/[slug]',
        'Layout /blog/[slug]': 'GET /blog/[slug]',
        'Template /blog': 'GET /blog/[slug]',
        'Metadata /blog/[slug]': 'GET /blog/[slug]',
        'Route GET /api/busy': 'GET /api/busy',
        'Action vote': 'POST /',
        'API /api/legacy': 'GET /api/legacy',
        'getServerSideProps /y': 'GET /y',
      });
      expect(find('Component Recommendations')?.above[0], 'a late component is below its page').toBe('Page /');
      if (variant.next === 16) await until('Proxy');
    });

    test('a redirect and a missing page are answers, not errors', async () => {
      expect((await server.get('/gone')).status).toBe(404);
      expect((await server.get('/away', { redirect: 'manual' })).status).toBe(307);
      // Sentry's SDK 10 drops requests that are answered so.
      if (variant.next === 16) {
        await until('Page /gone', 'Route GET /away');
        const statuses = ['Page /gone', 'Route GET /away'].map((name) => find(name)?.status ?? 'ok');
        expect(statuses).toEqual(['ok', 'ok']);
      }
      expect(sink.payloads('event')).toEqual([]);
      expect(server.output).not.toContain('[next-profiling]');
    });
  });
}
