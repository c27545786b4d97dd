import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Sink } from '../test/sink.ts';
import type { AppVariant } from './app-variant.ts';
import { buildInPlace, bundlerFlag, nextCli } from './build-app.ts';
import { filesEnding } from './deployment.ts';
import { expectOnlyAcceptableChunks, untilSampled } from './received-profiles.ts';
import { expectEveryRouteToWork } from './routes.ts';
import { RunningApp } from './running-app.ts';

const VARIANTS: readonly AppVariant[] = [
  { name: 'next-16-turbopack', next: 16, bundler: 'turbopack' },
  { name: 'next-15-webpack', next: 15, bundler: 'webpack' },
];

let sink: Sink;

test.beforeEach(async () => {
  sink = await Sink.listen();
});
test.afterEach(() => sink.close());

function start(variant: AppVariant, folder: string, command: 'start' | 'dev'): Promise<RunningApp> {
  const flags = command === 'dev' ? bundlerFlag(variant) : [];
  return RunningApp.start({
    cwd: folder,
    args: (port) => [nextCli(folder), command, ...flags, '--port', String(port), '--hostname', '127.0.0.1'],
    env: { SENTRY_DSN: sink.dsn },
  });
}

for (const variant of VARIANTS) {
  test(`next start profiles with the engine that the build copied, ${variant.name}`, async () => {
    const folder = await buildInPlace(variant);
    expect(await filesEnding(join(folder, '.next', 'next-profiling'), '.node')).toHaveLength(1);
    const server = await start(variant, folder, 'start');
    try {
      await expectEveryRouteToWork(server);
      expect((await server.get('/api/busy?ms=1000')).status).toBe(200);
      await untilSampled(sink, 'burnCpu', 50);
      expectOnlyAcceptableChunks(sink);
      expect(server.output).not.toContain('[next-profiling]');
    } finally {
      await server.stop();
    }
  });

  test(`next dev profiles with the installed package, whatever an older build left, ${variant.name}`, async () => {
    const folder = await buildInPlace(variant);
    const leftOver = join(folder, '.next', 'next-profiling', 'engine.cjs');
    await writeFile(leftOver, 'console.log("STALE ENGINE"); throw new Error("stale");');
    const server = await start(variant, folder, 'dev');
    try {
      expect((await server.get('/api/busy?ms=1000')).status).toBe(200);
      await untilSampled(sink, 'burnCpu', 50);
      expect(server.output).not.toContain('STALE ENGINE');
      expect(server.output).not.toContain('[next-profiling]');
    } finally {
      await server.stop();
      // The output is not what was built any more: the key in it must not say so.
      await writeFile(join(folder, '.next', 'e2e-build.key'), '').catch(() => {});
    }
  });
}
