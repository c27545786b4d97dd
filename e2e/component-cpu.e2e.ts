import { expect, test } from '@playwright/test';
import { loadRoutes } from '../test/attribution/burning-app.ts';
import { Sink } from '../test/sink.ts';
import type { AppVariant } from './app-variant.ts';
import { buildApp } from './build-app.ts';
import { deploy } from './deployment.ts';
import { RunningApp } from './running-app.ts';

const REQUESTS = 200;
const TOGETHER = 8;
/** Milliseconds of the thread's CPU time that each burns. */
const BURNED = { 'Layout /parts': 10, 'Page /parts': 20, 'Component LatePart': 40 };

const VARIANT: AppVariant = {
  name: 'component-cpu',
  next: 16,
  bundler: 'turbopack',
  files: {
    'app/parts/layout.tsx': `import { burn } from '../../lib/burn';
export default async function PartsLayout({ children }: { children: React.ReactNode }) {
  await null;
  burn(10);
  return <section>{children}</section>;
}`,
    'app/parts/page.tsx': `import { Suspense } from 'react';
import { burn } from '../../lib/burn';
import { LatePart } from './late-part';
export const dynamic = 'force-dynamic';
export default async function PartsPage() {
  await new Promise((resolve) => setTimeout(resolve, 5));
  burn(20);
  return <main><Suspense fallback="later"><LatePart /></Suspense></main>;
}`,
    'app/parts/late-part.tsx': `import { burn } from '../../lib/burn';
export async function LatePart() {
  await new Promise((resolve) => setTimeout(resolve, 50));
  burn(40);
  return <p>late</p>;
}`,
    // CPU time, not time: with eight requests in flight on a small machine the thread often has to wait for a core.
    'lib/burn.ts': `export function burn(ms: number): void {
  const { user, system } = process.threadCpuUsage();
  let used = 0;
  while (used < ms * 1000) {
    for (let n = 0; n < 10_000; n++) Math.sqrt(n);
    const now = process.threadCpuUsage();
    used = now.user - user + now.system - system;
  }
}`,
    'instrumentation.ts': `import * as Sentry from '@sentry/nextjs';
import { nodeProfilingIntegration } from 'next-profiling';
export function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    Sentry.init({
      tracesSampleRate: 1,
      profileSessionSampleRate: 1,
      profileLifecycle: 'trace',
      integrations: [nodeProfilingIntegration({ samplingIntervalMicros: 1_000, maxOverhead: 1 })],
    });
  }
}`,
  },
};

test('a layout, its page and its late component are each charged what they burn', async () => {
  const app = await buildApp(VARIANT);
  const deployment = await deploy(app);
  const sink = await Sink.listen();
  const server = await RunningApp.startStandalone(deployment.server, { SENTRY_DSN: sink.dsn });
  const ask = async (path: string): Promise<number> => {
    const response = await server.get(path);
    await response.text();
    return response.status;
  };
  // A session ends soon after its last request, and with it its last chunk.
  const load = async (requests: number): Promise<void> => {
    const ended = Date.now() / 1000;
    await loadRoutes(ask, ['/parts'], requests, TOGETHER);
    const isLast = ({ next_profiling, profile }: Sink['chunks'][number]): boolean =>
      next_profiling?.end === 'stop' && (profile.samples.at(-1)?.timestamp ?? 0) > ended;
    await sink.until(({ chunks }) => chunks.some(isLast), 'the last chunk', 60_000);
  };
  try {
    await load(TOGETHER);
    sink.items.length = 0;
    await load(REQUESTS);
    const msOf: Record<string, number> = {};
    for (const { name = '', cpu_us } of sink.chunks.flatMap(({ next_profiling }) => next_profiling?.spans ?? [])) {
      msOf[name] = (msOf[name] ?? 0) + cpu_us / 1000 / REQUESTS;
    }
    console.log(`CPU per request, ms: ${JSON.stringify(msOf)}`);
    for (const [name, burned] of Object.entries(BURNED)) {
      expect(msOf[name], name).toBeGreaterThan(burned * 0.9);
      expect(msOf[name], name).toBeLessThan(burned * 1.1);
    }
  } finally {
    await server.stop();
    sink.close();
    await deployment.remove();
  }
});
