import { expect, test } from '@playwright/test';
import { Sink } from '../test/sink.ts';
import type { AppVariant } from './app-variant.ts';
import { bundlerFlag, nextCli, prepareApp } from './build-app.ts';
import { EDITED_FILES, edit } from './edited-app.ts';
import { expectOnlyAcceptableChunks, selfCpuMs, untilSampledOn } from './received-profiles.ts';
import { RunningApp } from './running-app.ts';

const EDITS = 20;

const FILES = {
  ...EDITED_FILES,
  // Unguarded, as people write it, and with an import that is edited.
  'instrumentation.ts': `import * as Sentry from '@sentry/nextjs';
import { nodeProfilingIntegration } from 'next-profiling';
import { setting } from './lib/setting';

export function register() {
  Sentry.init({
    tracesSampleRate: 1,
    profileSessionSampleRate: 1,
    profileLifecycle: 'trace',
    integrations: [nodeProfilingIntegration()],
  });
  console.log('registered', setting);
}
`,
  'app/api/loaded/route.ts': `import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { profilingStatus } from 'next-profiling';
export const dynamic = 'force-dynamic';
export async function GET() {
  const modules = Object.keys((Module as unknown as { _cache: object })._cache);
  const mapped = readFileSync('/proc/self/maps', 'utf8').match(/\\/\\S*next-profiling-[\\w-]+\\.node/g);
  return Response.json({
    engines: modules.filter((file) => file.endsWith('engine.cjs')),
    binaries: [...new Set(mapped)],
    state: profilingStatus().state,
  });
}
`,
};

for (const bundler of ['turbopack', 'webpack'] as const) {
  const variant: AppVariant = { name: `development-${bundler}`, next: 16, bundler, files: FILES };

  test(`next dev keeps one engine, which profiles on, through ${EDITS} edits, ${bundler}`, async () => {
    const { folder } = await prepareApp(variant);
    const sink = await Sink.listen();
    const server = await RunningApp.start({
      cwd: folder,
      args: (port) => [nextCli(folder), 'dev', ...bundlerFlag(variant), '-p', String(port), '-H', '127.0.0.1'],
      env: { SENTRY_DSN: sink.dsn },
    });
    try {
      const loaded = async () => (await server.get('/api/loaded')).json();
      const first = await loaded();
      expect(first).toEqual({
        engines: [expect.stringContaining('next-profiling/dist/engine.cjs')],
        binaries: [expect.stringContaining('next-profiling/prebuilds/')],
        state: 'profiling',
      });
      for (let number = 1; number <= EDITS; number++) await edit(folder, server, number);
      expect(await loaded()).toEqual(first);

      sink.items.length = 0;
      expect((await server.get('/api/busy?ms=1000')).status).toBe(200);
      await untilSampledOn(sink, 'burnCpu', '/api/busy', 50);
      // Two engines would each send the same second.
      const cpuMs = sink.chunks.reduce((sum, chunk) => sum + selfCpuMs(chunk, 'burnCpu'), 0);
      expect(cpuMs).toBeLessThan(1_500);
      expectOnlyAcceptableChunks(sink);
      expect(server.output).toContain('registered');
      expect(server.output).not.toMatch(/edge runtime|\[next-profiling\]|MaxListeners/i);
    } finally {
      await server.stop();
      sink.close();
    }
  });
}
