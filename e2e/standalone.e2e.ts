import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Sink } from '../test/sink.ts';
import type { AppVariant } from './app-variant.ts';
import { type BuiltApp, buildApp } from './build-app.ts';
import { type Deployment, deploy, filesEnding, withoutSources } from './deployment.ts';
import { runDoctor } from './doctor-command.ts';
import { requestSpans } from './received-profiles.ts';
import { expectEveryRouteToWork } from './routes.ts';
import { RunningApp } from './running-app.ts';

const VARIANTS: readonly AppVariant[] = [
  { name: 'next-16-turbopack', next: 16, bundler: 'turbopack' },
  { name: 'next-16-webpack', next: 16, bundler: 'webpack' },
  { name: 'next-15-webpack', next: 15, bundler: 'webpack' },
];

for (const variant of VARIANTS) {
  test.describe(`standalone output moved elsewhere, ${variant.name}`, () => {
    let app: BuiltApp;
    let deployment: Deployment;
    let sink: Sink;

    test.beforeAll(async () => {
      app = await buildApp(variant);
      deployment = await deploy(app);
    });
    test.beforeEach(async () => {
      sink = await Sink.listen();
    });
    test.afterEach(() => sink.close());
    test.afterAll(() => deployment?.remove());

    const start = ({ server }: Deployment): Promise<RunningApp> =>
      RunningApp.startStandalone(server, { SENTRY_DSN: sink.dsn });

    test('serves every route, and Sentry still gets its spans, with the source tree gone', async () => {
      await withoutSources(app, async () => {
        const server = await start(deployment);
        try {
          await expectEveryRouteToWork(server);
          await sink.until(() => requestSpans(sink).includes('GET /api/busy'), 'the span of GET /api/busy', 30_000);
          expect(server.output).not.toContain('[next-profiling]');
        } finally {
          await server.stop();
        }
      });
    });

    test('SIGTERM in the middle of a chunk ends the server as it does without us', async () => {
      const ends = async (env: Record<string, string>): Promise<unknown> => {
        const server = await RunningApp.startStandalone(deployment.server, env);
        expect((await server.get('/api/busy?ms=20')).status).toBe(200);
        return server.stop();
      };
      const spool = join(deployment.folder, 'spool');
      const given = { SENTRY_DSN: sink.dsn, NEXT_PROFILING_SPOOL_DIR: spool };
      // Nobody listens for the signal in the second: Next leaves that to the app, and this one does not.
      for (const env of [given, { ...given, NEXT_MANUAL_SIG_HANDLE: 'true' }]) {
        const withoutUs = await ends({ ...env, NEXT_PROFILING: 'off' });
        for (let i = 0; i < 3; i++) expect(await ends(env)).toBe(withoutUs);
      }
      const left = await Promise.all((await readdir(spool)).map((name) => readFile(join(spool, name), 'utf8')));
      const sent = [...left, ...sink.items.map(({ payload }) => payload)].join('\n');
      expect(sent.match(/"chunk_id"/g)?.length).toBeGreaterThanOrEqual(3);
      expect(sent).toContain('/api/busy');
    });

    test('doctor finds nothing wrong with it', async () => {
      const { code, answer } = await runDoctor(deployment.folder);
      expect(answer.checks.filter(({ result }) => result !== 'ok')).toEqual([]);
      expect(answer.checks.find(({ check }) => check === 'build')?.says.toLowerCase()).toContain(variant.bundler);
      expect(code).toBe(0);
    });

    test('starts without the engine, serves, and says so once', async () => {
      const maimed = await deploy(app);
      try {
        for (const path of await filesEnding(maimed.folder, 'engine.cjs')) {
          await rm(join(maimed.folder, path));
        }
        const server = await start(maimed);
        await expectEveryRouteToWork(server);
        await server.stop();
        expect(server.output.match(/\[next-profiling\]/g)).toHaveLength(1);
      } finally {
        await maimed.remove();
      }
    });
  });
}
