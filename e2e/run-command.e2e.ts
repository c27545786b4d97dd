import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { buildApp, buildInPlace, MAPS } from './build-app.ts';
import { deploy, filesEnding } from './deployment.ts';
import { ROOT } from './package-tarball.ts';
import { RunningApp } from './running-app.ts';

test('next-profiling run -- next start finds next without node_modules/.bin, and shows the request before Ctrl-C', async () => {
  const folder = await buildInPlace({ name: 'next-16-turbopack', next: 16, bundler: 'turbopack' });
  const modules = join(folder, 'node_modules');
  const elsewhere = await mkdtemp(join(tmpdir(), 'next-profiling-'));
  try {
    await mkdir(join(elsewhere, 'node_modules'));
    await symlink(join(modules, 'next'), join(elsewhere, 'node_modules', 'next'));
    const server = await RunningApp.start({
      cwd: elsewhere,
      args: (port) => [
        join(modules, 'next-profiling', 'dist', 'cli.js'),
        ...['run', '--', 'next', 'start', folder, '--port', String(port), '--hostname', '127.0.0.1'],
      ],
      // Nothing of this repository's, which has a Next of its own.
      env: { SENTRY_DSN: undefined, PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter) },
    });
    try {
      expect((await server.get('/api/busy?ms=500')).status).toBe(200);
    } finally {
      // Straight after the answer: the request's spans and profile are not sent yet.
      await server.stop('SIGINT');
    }
    expect(server.output).toMatch(/^\/api\/busy +1 .* burnCpu$/m);
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});

test('without its binary the app still has its route table, which says how it came about', async () => {
  const built = await buildApp({ name: 'next-16-turbopack', next: 16, bundler: 'turbopack' });
  const { folder, server, remove } = await deploy(built);
  try {
    const ours = (await filesEnding(folder, '.node')).filter((path) => path.includes('next-profiling-'));
    expect(ours).toHaveLength(1);
    await rm(join(folder, String(ours[0])));
    const app = await RunningApp.start({
      cwd: server,
      args: () => [...[join(ROOT, 'dist', 'cli.js'), 'run', '--maps', MAPS], ...['--', process.execPath, 'server.js']],
      env: { SENTRY_DSN: undefined },
    });
    try {
      for (const path of ['/api/busy?ms=300', '/blog/first', '/api/busy?ms=300']) await app.get(path);
      await expectTopFunction(app, '/api/busy', 'burnCpu');
    } finally {
      await app.stop();
    }
    expect(app.output).toMatch(/\[next-profiling\] no usable binary .* profiles through node:inspector/);
    expect(app.output).toMatch(/^\/api\/busy +2 .* burnCpu$/m);
    expect(app.output).toMatch(/^\d+ profiles came through node:inspector, for lack of a usable binary/m);
  } finally {
    await remove();
  }
});

/** Waits until the collector that started the app knows so much of a route. */
async function expectTopFunction(app: RunningApp, route: string, name: string): Promise<void> {
  const collector = /collector at (http:\S+)/.exec(app.output)?.[1];
  const top = async (): Promise<unknown> => {
    const { routes } = await (await fetch(`${collector}/api/v1/routes`)).json();
    return routes.find((row: { route: string }) => row.route === route)?.topFunction?.name;
  };
  await expect.poll(top, { timeout: 30_000 }).toBe(name);
}
