import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findBuilds } from '../../src/doctor/find-build.ts';
import { pathsOf } from '../../src/doctor/paths-of.ts';
import { serverOf } from '../../src/doctor/server-of.ts';

/** Stands in for folders with builds: Next's own files, as far as they are read. */
let top: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'next-profiling-')));
});
afterEach(() => rmSync(top, { recursive: true }));

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), typeof content === 'string' ? content : JSON.stringify(content));
}
const build = (distDir: string, config: object, relativeAppDir = ''): void =>
  write(`${distDir}/required-server-files.json`, { version: 1, config, relativeAppDir });

const SERVER = 'process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = "{}"';

test.each([
  ['the project', 'apps/web'],
  ['its distDir', 'apps/web/out/next'],
  ['a folder above', ''],
])('finds a build with a distDir of its own from %s', (_, from) => {
  build('apps/web/out/next', { distDir: 'out/next', basePath: '/shop' });
  write('apps/web/node_modules/x/.next/required-server-files.json', {});
  expect(findBuilds(join(top, from))).toEqual([
    {
      folder: join(top, 'apps/web'),
      distDir: join(top, 'apps/web/out/next'),
      output: null,
      basePath: '/shop',
      relativeAppDir: '',
    },
  ]);
});

test('finds every build of several apps, and none where there is none', () => {
  expect(findBuilds(top)).toEqual([]);
  build('apps/a/.next', { distDir: '.next' });
  build('apps/b/.next', { distDir: '.next' });
  expect(findBuilds(top).map(({ folder }) => folder)).toEqual([join(top, 'apps/a'), join(top, 'apps/b')]);
});

test('serves a nested standalone output from the project and from the output itself', () => {
  const config = { distDir: '.next', output: 'standalone' };
  build('apps/web/.next', config, 'apps/web');
  expect(findBuilds(top).map(serverOf)).toEqual(['standalone-missing']);
  build('apps/web/.next/standalone/apps/web/.next', config, 'apps/web');
  write('apps/web/.next/standalone/apps/web/server.js', SERVER);
  const cwd = join(top, 'apps/web/.next/standalone/apps/web');
  for (const from of [top, join(top, 'apps/web/.next/standalone'), cwd]) {
    expect(findBuilds(from).map(serverOf)).toEqual([expect.objectContaining({ kind: 'standalone', cwd })]);
  }
});

test("takes a user's own server.js for no standalone output, and an export for no server", () => {
  build('.next', { distDir: '.next' });
  write('server.js', 'require("express")');
  expect(findBuilds(top).map(serverOf)).toEqual(['next-missing']);
  write('node_modules/next/package.json', { name: 'next', version: '16.0.0' });
  write('node_modules/next/dist/bin/next', '');
  expect(findBuilds(top).map(serverOf)).toEqual([expect.objectContaining({ kind: 'next start', cwd: top })]);
  build('.next', { distDir: '.next', output: 'export' });
  expect(findBuilds(top).map(serverOf)).toEqual(['static-export']);
});

test('asks for the front page and other pages without parameters, never for a route handler', () => {
  build('.next', { distDir: '.next', basePath: '/shop' });
  write('.next/app-path-routes-manifest.json', {
    '/api/delete-all/route': '/api/delete-all',
    '/_not-found/page': '/_not-found',
    '/blog/[slug]/page': '/blog/[slug]',
    '/(marketing)/about/page': '/about',
  });
  write('.next/server/pages-manifest.json', { '/_app': '', '/404': '', '/api/x': '', '/old': '' });
  expect(findBuilds(top).map(pathsOf)).toEqual([['/shop', '/shop/about', '/shop/old']]);
});
