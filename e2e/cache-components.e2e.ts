import { expect, test } from '@playwright/test';
import { Sink } from '../test/sink.ts';
import type { AppVariant, Bundler } from './app-variant.ts';
import { askUntil } from './ask-until.ts';
import { buildApp } from './build-app.ts';
import { deploy } from './deployment.ts';
import { requestSpans } from './received-profiles.ts';
import { RunningApp } from './running-app.ts';
import { spanTree } from './span-tree.ts';

/** Static, partly static with a late part and an action, revalidated, cached as a whole, and with a parameter. */
const FILES = {
  'app/page.tsx': `import { connection } from 'next/server';
import { Suspense } from 'react';
import { vote } from './vote';
async function Late() {
  await connection();
  return <p>You may like product 7</p>;
}
export default async function HomePage() {
  await null;
  return <main>
    <h1>partly static</h1>
    <Suspense fallback={<p>later</p>}><Late /></Suspense>
    <form action={vote}><input name="choice" defaultValue="tea" /></form>
  </main>;
}`,
  'app/still/page.tsx': 'export default function Still() { return <h1>static</h1>; }',
  'app/revalidated/page.tsx': `import { cacheLife } from 'next/cache';
async function price() {
  'use cache';
  cacheLife({ stale: 60, revalidate: 1, expire: 3600 });
  console.log('price was asked for');
  return 42;
}
export async function generateMetadata() { return { title: 'price ' + await price() }; }
export default async function Revalidated() { return <h1>{await price()}</h1>; }`,
  'app/cached/page.tsx': `'use cache';
export default async function Cached() { return <h1>cached</h1>; }`,
  'app/cached-page/page.tsx': `export default async function Cached() { 'use cache'; return <h1>cached, too</h1>; }`,
  'app/blog/[slug]/page.tsx': `import { Suspense } from 'react';
export const generateStaticParams = () => [{ slug: 'hello' }];
async function Title({ params }: { params: Promise<{ slug: string }> }) { return <h1>{(await params).slug}</h1>; }
export default function Post({ params }: { params: Promise<{ slug: string }> }) {
  return <Suspense fallback="title"><Title params={params} /></Suspense>;
}`,
  'app/api/busy/route.ts':
    'export async function GET(request: Request) { return Response.json(request.url.length > 0); }',
  'app/api/light/route.ts': 'export async function GET() { return Response.json({ ok: true }); }',
};
const PAGES = ['/', '/still', '/revalidated', '/cached', '/cached-page', '/blog/hello', '/blog/other'];

function config(wrapped: boolean): string {
  return `import { withProfiling } from 'next-profiling/plugin';
// Else each build has keys of its own, and with them other ids of actions.
process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');
const config = { output: 'standalone' as const, cacheComponents: true, generateBuildId: () => 'same' };
export default ${wrapped} ? withProfiling(config) : config;
`;
}

function variant(bundler: Bundler, wrapped: boolean): AppVariant {
  const name = `cache-components-${bundler}-${wrapped ? 'with' : 'without'}`;
  return { name, next: 16, bundler, files: { ...FILES, 'next.config.ts': config(wrapped) } };
}

const timesRevalidated = ({ output }: { output: string }): number => output.match(/price was asked for/g)?.length ?? 0;

/** What an app answers, page by page, until it has revalidated what it has to. */
async function answersOf(app: AppVariant): Promise<{ html: Record<string, string>; output: string; spans: string[] }> {
  const deployment = await deploy(await buildApp(app));
  const sink = await Sink.listen();
  const server = await RunningApp.startStandalone(deployment.server, { SENTRY_DSN: sink.dsn });
  const html: Record<string, string> = {};
  const ask = async (name: string, path: string, init?: RequestInit): Promise<void> => {
    const response = await server.get(path, init);
    html[name] = `${response.status} ${await response.text()}`;
  };
  try {
    for (const path of PAGES) await ask(path, path);
    const form = new FormData();
    form.set(html['/']?.match(/\$ACTION_ID_[0-9a-f]+/)?.[0] ?? 'no action', '');
    form.set('choice', 'coffee');
    await ask('the action', '/', { method: 'POST', body: form });
    for (let round = 0; round < 3; round++) {
      const before = timesRevalidated(server);
      // One page may still be on its way when the next one is asked for; once that is, it is there.
      await askUntil(
        async () => (await server.get('/revalidated')).text(),
        () => timesRevalidated(server) > before + 1,
        () => `revalidated ${timesRevalidated(server)} times, ${before} of them before round ${round}`,
      );
      await ask(`/revalidated again, ${round}`, '/revalidated');
    }
    // The spans of one trace leave the SDK some time after it began, so the last to begin is the last to arrive.
    await ask('the last', '/api/busy');
    await sink.until(() => requestSpans(sink).includes('GET /api/busy'), 'the last span');
    return { html, output: server.output, spans: spanTree(sink).map((span) => span.name) };
  } finally {
    await server.stop();
    sink.close();
    await deployment.remove();
  }
}

for (const bundler of ['turbopack', 'webpack'] as const) {
  test(`an app with cacheComponents serves the same bytes with the plugin and without it, ${bundler}`, async () => {
    const without = await answersOf(variant(bundler, false));
    const wrapped = await answersOf(variant(bundler, true));
    expect(wrapped.html).toEqual(without.html);
    for (const [name, html] of Object.entries(wrapped.html)) expect(html, name).toMatch(/^200 /);
    for (const { output } of [without, wrapped]) {
      expect(output).not.toMatch(/unstable value|error/i);
      expect(timesRevalidated({ output }), 'revalidated').toBeGreaterThan(1);
    }
    const ours = ({ spans }: { spans: string[] }): Set<string> =>
      new Set(spans.filter((name) => /^(Page|Layout|Metadata|Component|Action) \S/.test(name)));
    expect(ours(without)).toEqual(new Set());
    expect([...ours(wrapped)]).toEqual(expect.arrayContaining(['Action vote', 'Page /', 'Component Late', 'Layout /']));
    expect(
      [...ours(wrapped)].filter((name) => name.includes('/revalidated')),
      'spans of a prerender',
    ).toEqual([]);
  });
}
