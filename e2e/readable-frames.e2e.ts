import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { FunctionRow, FunctionsAnswer } from '../src/collector/api-types.ts';
import type { AppVariant } from './app-variant.ts';
import { type BuiltApp, buildApp, buildInPlace, MAPS, nextCli } from './build-app.ts';
import { CollectProcess, commandLine } from './command-line.ts';
import { type Deployment, deploy, filesEnding, withoutSources } from './deployment.ts';
import { ROOT } from './package-tarball.ts';
import { RunningApp } from './running-app.ts';
import { SHAPES, SHAPES_ROUTE, shapePlaces } from './shapes.ts';

const VARIANTS: readonly AppVariant[] = [
  { name: 'next-16-turbopack', next: 16, bundler: 'turbopack' },
  { name: 'next-16-webpack', next: 16, bundler: 'webpack' },
  { name: 'next-15-webpack', next: 15, bundler: 'webpack' },
];

const BURN_CPU = {
  name: 'burnCpu',
  kind: 'app',
  file: 'app/api/busy/burn-cpu.ts',
  ...placeOf('app/api/busy/burn-cpu.ts', 'function burnCpu'),
};

/** Where V8 says that a function is: at the parenthesis behind its name. Both 1-based. */
function placeOf(file: string, text: string): { line: number; column: number } {
  const before = readFileSync(join(ROOT, 'example-app', file), 'utf8').split(`${text}(`)[0] + text;
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'next-profiling-frames-'));
}

for (const variant of VARIANTS) {
  test.describe(`frames of a minified build, ${variant.name}`, () => {
    let app: BuiltApp;
    let deployment: Deployment;
    test.beforeAll(async () => {
      app = await buildApp(variant);
      deployment = await deploy(app);
    });
    test.afterAll(() => deployment?.remove());

    test('the output is minified and holds no source', async () => {
      const server = join(deployment.server, '.next', 'server');
      const scripts = (await filesEnding(server, '.js')).map((path) => readFileSync(join(server, path), 'utf8'));
      expect(scripts.length).toBeGreaterThan(10);
      expect(scripts.filter((text) => text.includes('burnCpu'))).toEqual([]);
      // Turbopack puts an empty one beside each entry.
      const maps = (await filesEnding(deployment.folder, '.map')).filter((path) => !path.includes('node_modules'));
      const full = maps.filter(
        (path) => JSON.parse(readFileSync(join(deployment.folder, path), 'utf8')).sources.length,
      );
      expect(full).toEqual([]);
      expect(app.log).toMatch(/kept \d+ source maps in \.next-profiling\/maps/);
    });

    test('top names what the app burns its CPU in, with its true place, from the maps alone', async () => {
      const folder = scratch();
      const store = join(folder, 'profiles.db');
      await withoutSources(app, async () => {
        const collector = await CollectProcess.start(store, MAPS, folder);
        const server = await RunningApp.startStandalone(deployment.server, { SENTRY_DSN: collector.dsn });
        try {
          expect((await server.get('/api/busy?ms=1000')).status).toBe(200);
          await collector.until<FunctionsAnswer>(
            '/api/v1/functions?route=/api/busy',
            ({ functions }) => (functions?.[0]?.selfMs ?? 0) > 100,
          );
        } finally {
          await server.stop();
          await collector.stop();
        }
        const top = ['top', '--route', '/api/busy', '--json', '--store', store];
        const { functions } = JSON.parse(await commandLine([...top, '--maps', MAPS], folder)) as FunctionsAnswer;
        expect(functions[0]).toMatchObject(BURN_CPU);
        const route = {
          kind: 'app',
          file: 'app/api/busy/route.ts',
          ...placeOf('app/api/busy/route.ts', 'function GET'),
        };
        expect(functions).toContainEqual(expect.objectContaining({ name: 'GET', ...route }));
        const kinds = new Set(functions.map(({ kind }) => kind));
        expect([...kinds]).toEqual(expect.arrayContaining(['app', 'next', 'library', 'node']));

        const built = JSON.parse(
          await commandLine([...top, '--maps', join(folder, 'none')], folder),
        ) as FunctionsAnswer;
        expect(built.functions[0]?.file).toContain('/.next/server/');
        expect(built.functions[0]?.selfMs).toBe(functions[0]?.selfMs);
      });
      rmSync(folder, { recursive: true });
    });
  });
}

for (const bundler of ['turbopack', 'webpack'] as const) {
  test(`every shape of function has its name and place, and the server opens no map, ${bundler}`, async () => {
    const folder = await buildInPlace({ name: `shapes-${bundler}`, next: 16, bundler, files: SHAPES });
    const output = join(folder, '.next', 'server');
    const maps = (await filesEnding(output, '.map')).map((path) => join(output, path));
    expect(maps.length > 0, 'Turbopack writes maps of its own accord').toBe(bundler === 'turbopack');
    const scratched = scratch();
    const unread = [...maps, join(scratched, 'control')];
    writeFileSync(join(scratched, 'control'), '');
    // A file that is read gets a new access time if the one that it has is older than its last change.
    for (const path of unread) utimesSync(path, 0, new Date());
    const collector = await CollectProcess.start(
      join(scratched, 'profiles.db'),
      join(folder, '.next-profiling', 'maps'),
      folder,
    );
    const server = await RunningApp.start({
      cwd: folder,
      args: (port) => [nextCli(folder), 'start', '--port', String(port), '--hostname', '127.0.0.1'],
      env: { SENTRY_DSN: collector.dsn },
    });
    try {
      for (let round = 0; round < 4; round++) expect((await server.get(SHAPES_ROUTE)).status).toBe(200);
      const { functions } = await collector.until<FunctionsAnswer>('/api/v1/functions', (answer) =>
        shapePlaces().every(({ name }) => burning(answer.functions).some((found) => found.name === name)),
      );
      expect(burning(functions)).toEqual(shapePlaces());
    } finally {
      await server.stop();
      await collector.stop();
    }
    expect(maps.filter((path) => statSync(path).atimeMs > 0)).toEqual([]);
    readFileSync(join(scratched, 'control'));
    expect(statSync(join(scratched, 'control')).atimeMs, 'this file system tells who reads').toBeGreaterThan(0);
    rmSync(scratched, { recursive: true });
  });
}

/** The functions of the fixture that were on top of samples, in the order of the source. */
function burning(functions: readonly FunctionRow[]): { name: string; line: number; column: number }[] {
  return functions
    .filter(({ file, selfMs }) => file === 'app/shapes/work.tsx' && selfMs >= 20)
    .map(({ name, line, column }) => ({ name, line, column }))
    .sort((a, b) => a.line - b.line);
}
