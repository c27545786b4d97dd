import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlattenMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { expect, test } from '@playwright/test';
import { Sink } from '../test/sink.ts';
import type { AppVariant, Bundler } from './app-variant.ts';
import { buildInPlace, nextCli } from './build-app.ts';
import { filesEnding } from './deployment.ts';
import { RunningApp } from './running-app.ts';
import { spanTree } from './span-tree.ts';

const MARK = 'the marked line';
/** What minifiers leave of the code that is added to a file. */
const ADDED = 'next-profiling.engine';
const ROUTE = `export const dynamic = 'force-dynamic';

export async function GET(
  request: Request,
) {
  const url: string = request.url; return Response.json(['${MARK}', url.length]);
}
`;

const FILES = {
  'app/api/light/route.ts': ROUTE,
  'app/like/actions.ts': `'use server';
const checked = <T,>(action: (likes: number) => Promise<T>) => async (likes: number) => action(likes);
export async function like(likes: number) { return likes + 1; }
export const dislike = checked(async (likes) => likes - 1);`,
  'app/like/button.tsx': `'use client';
import { dislike, like } from './actions';
export function Button() { return <button onClick={async () => alert(await like(await dislike(1)))}>Like</button>; }`,
  'app/like/page.tsx': `import { Button } from './button';
export const dynamic = 'force-dynamic';
export default function Like() { return <Button />; }`,
  'pages/y.tsx': `export const getServerSideProps = async () => ({ props: { y: 'secret'.length } });
export default function Y({ y }: { y: number }) { return <p>y is {y}</p>; }`,
};

function variant(bundler: Bundler, instrument: boolean): AppVariant {
  const config = `import { withProfiling } from 'next-profiling/plugin';
export default withProfiling(
  { output: 'standalone', experimental: { serverSourceMaps: true } },
  { instrument: ${instrument} },
);
`;
  const name = `output-${bundler}${instrument ? '' : '-plain'}`;
  return { name, next: 16, bundler, files: { ...FILES, 'next.config.ts': config } };
}

/** Texts of a build's files by path. */
async function filesIn(folder: string, end: string): Promise<Record<string, string>> {
  const paths = await filesEnding(folder, end);
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

const naming = (files: Record<string, string>, text: string): string[] =>
  Object.keys(files).filter((path) => files[path]?.includes(text));

for (const bundler of ['turbopack', 'webpack'] as const) {
  test.describe(`what is built from wrapped files, ${bundler}`, () => {
    let folder: string;
    let output: string;
    test.beforeAll(async () => {
      folder = await buildInPlace(variant(bundler, true));
      output = join(folder, '.next');
    });

    test('only the server has our code, and it names no path of the build', async () => {
      expect(naming(await filesIn(join(output, 'static'), '.js'), ADDED)).toEqual([]);
      const server = await filesIn(join(output, 'server'), '.js');
      expect(naming(server, ADDED).length).toBeGreaterThan(5);
      expect(naming(server, 'wrap-loader')).toEqual([]);
      expect(naming(await filesIn(join(output, 'server'), '.nft.json'), 'wrap-loader')).toEqual([]);
    });

    test('source maps of the server point at the user’s lines', async () => {
      const server = await filesIn(join(output, 'server'), '.js');
      const line = ROUTE.split('\n').findIndex((text) => text.includes(MARK)) + 1;
      const maps = naming(server, MARK).filter((path) => existsSync(join(output, 'server', `${path}.map`)));
      expect(maps.length).toBeGreaterThan(0);
      for (const path of maps) {
        const map = new FlattenMap(JSON.parse(readFileSync(join(output, 'server', `${path}.map`), 'utf8')));
        const lines = server[path]?.split('\n') ?? [];
        const at = lines.findIndex((text) => text.includes(MARK));
        const found = originalPositionFor(map, { line: at + 1, column: lines[at]?.indexOf(MARK) ?? 0 });
        expect(found).toMatchObject({ source: expect.stringMatching(/app\/api\/light\/route\.ts$/), line });
      }
    });

    test('the browser’s ids of actions are the server’s, and calls arrive in their spans', async () => {
      const known = Object.keys(
        JSON.parse(readFileSync(join(output, 'server', 'server-reference-manifest.json'), 'utf8')).node,
      );
      const text = Object.values(await filesIn(join(output, 'static'), '.js')).join('\n');
      const called = [...text.matchAll(/"([0-9a-f]{42})"/g)].map(([, id = '']) => id);
      expect(new Set(called).size).toBe(2);
      expect(called.filter((id) => !known.includes(id))).toEqual([]);
      const sink = await Sink.listen();
      const server = await RunningApp.start({
        cwd: folder,
        args: (port) => [nextCli(folder), 'start', '--port', String(port), '--hostname', '127.0.0.1'],
        env: { SENTRY_DSN: sink.dsn },
      });
      try {
        const answers: (string | undefined)[] = [];
        for (const id of new Set(called)) {
          const headers = { 'next-action': id, 'content-type': 'text/plain;charset=UTF-8' };
          const response = await server.get('/like', { method: 'POST', headers, body: '[7]' });
          answers.push(/^1:(\d+)$/m.exec(await response.text())?.[1]);
        }
        expect(answers.sort()).toEqual(['6', '8']);
        const names = (): string[] => spanTree(sink).map(({ name }) => name);
        await sink.until(
          () => ['Action like', 'Action dislike'].every((name) => names().includes(name)),
          'the actions',
        );
      } finally {
        await server.stop();
        sink.close();
      }
    });
  });
}

test('instrument: false adds nothing to the server', async () => {
  const folder = await buildInPlace(variant('turbopack', false));
  const server = await filesIn(join(folder, '.next', 'server'), '.js');
  expect(Object.keys(server).length).toBeGreaterThan(10);
  expect(naming(server, '$nextProfiling')).toEqual([]);
});
