import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Sink } from '../test/sink.ts';
import { distDirOf } from './app-variant.ts';
import { type BuiltApp, buildApp, buildInPlace, nextCli, prepareApp } from './build-app.ts';
import { CARRIED } from './carry.ts';
import { BUILDS, type DeliveredBuild, type ServedBy } from './delivery-builds.ts';
import { deploy, withoutSources } from './deployment.ts';
import { addBinaries, expectOnlyBinaries } from './our-binaries.ts';
import { expectOnlyAcceptableChunks, untilSampledOn } from './received-profiles.ts';
import { RunningApp } from './running-app.ts';

/** The user of images that run nothing as root. Only root may become another. */
const NOBODY = process.getuid?.() === 0 ? 65534 : undefined;

for (const build of BUILDS) {
  const { variant, targets, served, slow } = build;
  test.describe(`${variant.name}`, () => {
    test.skip(slow === true && process.env.NEXT_PROFILING_ALL !== '1', 'a slow one: .ci/run builds it');
    let app: BuiltApp;

    test.beforeAll(async () => {
      const { folder } = await prepareApp(variant);
      await addBinaries(folder, targets);
      app = await buildApp(variant);
    });

    test('the build says in one line what it copied', () => {
      const lines = app.log.split('\n').filter((line) => line.includes('next-profiling]') || /external/.test(line));
      const what = `copied the engine and the binary for ${targets.join(', ')} \\([1-9]\\d+ bytes\\) to ${distDirOf(variant)}/`;
      expect(lines).toEqual([expect.stringMatching(what)]);
    });

    for (const by of served) {
      test(`${by}: profiles, with ${targets.length > 1 ? 'exactly the binaries that were asked for' : 'one binary'}`, () =>
        by === 'next start' ? servedInPlace(build) : servedElsewhere(app, build, by));
    }
  });
}

async function servedInPlace({ variant, targets }: DeliveredBuild): Promise<void> {
  const folder = await buildInPlace(variant);
  await expectOnlyBinaries(join(folder, distDirOf(variant), 'next-profiling'), targets);
  await expectProfiles((sink) =>
    RunningApp.start({
      cwd: variant.builtFromElsewhere ? tmpdir() : folder,
      args: (port) => [nextCli(folder), 'start', folder, '--port', String(port), '--hostname', '127.0.0.1'],
      env: { SENTRY_DSN: sink.dsn },
      basePath: variant.basePath,
    }),
  );
}

async function servedElsewhere(
  app: BuiltApp,
  { variant, targets }: DeliveredBuild,
  by: Exclude<ServedBy, 'next start'>,
): Promise<void> {
  const deployment = await deploy(app, CARRIED[by]);
  try {
    await expectOnlyBinaries(deployment.folder, targets);
    await withoutSources(app, () =>
      expectProfiles((sink) =>
        RunningApp.startStandalone(
          deployment.server,
          { SENTRY_DSN: sink.dsn },
          { basePath: variant.basePath, uid: by === 'two-stage copy' ? NOBODY : undefined },
        ),
      ),
    );
  } finally {
    await deployment.remove();
  }
}

async function expectProfiles(start: (sink: Sink) => Promise<RunningApp>): Promise<void> {
  const sink = await Sink.listen();
  try {
    const server = await start(sink);
    try {
      expect(await (await server.get('/api/busy?ms=500')).json()).toMatchObject({ ms: 500 });
      // The route is the pattern within the app, so the base path is no part of it.
      await untilSampledOn(sink, 'burnCpu', '/api/busy', 20);
      expectOnlyAcceptableChunks(sink);
      expect(server.output).not.toContain('[next-profiling]');
    } finally {
      await server.stop();
    }
  } finally {
    sink.close();
  }
}
