import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openCollector } from './open-collector.ts';

const TOKEN = 'secret-token-0123456789';
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

async function collectorWithPage(options: { token?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'next-profiling-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const pagesFolder = join(folder, 'dist');
  const viewer = join(pagesFolder, 'viewer');
  const speedscope = join(pagesFolder, 'speedscope');
  for (const made of [join(viewer, 'assets'), speedscope]) mkdirSync(made, { recursive: true });
  writeFileSync(join(pagesFolder, 'secret.txt'), 'secret');
  writeFileSync(join(viewer, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(viewer, 'icon.svg'), '<svg/>');
  writeFileSync(join(viewer, 'assets', 'index-DKxW3b_9.js'), 'run()');
  writeFileSync(join(speedscope, 'index.html'), 'speedscope');
  return openCollector({ pagesFolder, ...options });
}

describe('a browser', () => {
  test.each(['/', '/profile', '/trace/0123', '/blocks', '/compare', '/sessions', '/?route=%2Fa'])(
    'gets the page at %s',
    async (path) => {
      const { get } = await collectorWithPage();
      const { status, body, headers } = await get(path, BROWSER);
      expect([status, body]).toEqual([200, '<!doctype html><title>page</title>']);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('cache-control')).toBe('no-cache');
    },
  );

  test.each([
    ['/assets/index-DKxW3b_9.js', 'text/javascript; charset=utf-8', /immutable/],
    ['/icon.svg', 'image/svg+xml', /^no-cache$/],
    ['/speedscope/', 'text/html; charset=utf-8', /^no-cache$/],
  ])('gets %s as %s', async (path, type, caching) => {
    const { get } = await collectorWithPage();
    const { status, headers } = await get(path);
    expect([status, headers.get('content-type')]).toEqual([200, type]);
    expect(headers.get('cache-control')).toMatch(caching);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('may run nothing but our own files, and nobody may frame or read the page', async () => {
    const { get } = await collectorWithPage();
    const { headers } = await get('/', BROWSER);
    const policy = headers.get('content-security-policy') ?? '';
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]) {
      expect(policy.split('; ')).toContain(part);
    }
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    const cross = [...headers.keys()].filter((name) => name.startsWith('access-control-'));
    expect(cross).toEqual([]);
  });

  test('needs no token for the files, but for what they show', async () => {
    const { get } = await collectorWithPage({ token: TOKEN });
    expect((await get('/', BROWSER)).status).toBe(200);
    expect((await get('/assets/index-DKxW3b_9.js')).status).toBe(200);
    expect((await get('/api/v1/routes', BROWSER)).status).toBe(401);
    expect((await get('/')).status).toBe(401);
  });
});

test('a program still gets the table at /', async () => {
  const { get } = await collectorWithPage();
  expect((await get('/', { accept: '*/*' })).body).toMatch(/^No requests and no profiles yet/);
});

test.each([
  '/secret.txt',
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '/assets//../secret.txt',
  '/assets/.hidden',
  '/assets/',
  '/assets',
  '/nothing.js',
])('%s leads nowhere', async (path) => {
  const { port } = await collectorWithPage();
  // Not fetch, which would tidy the path up.
  const asked = httpRequest({ port, host: '127.0.0.1', path });
  asked.end();
  const [response] = await once(asked, 'response');
  expect(response.statusCode).toBe(404);
  response.resume();
});

test.each(['/', '/assets/index-DKxW3b_9.js'])('%s under a foreign name is refused', async (path) => {
  const { port } = await collectorWithPage();
  const asked = httpRequest({ port, host: '127.0.0.1', path, headers: { ...BROWSER, host: 'evil.example' } });
  asked.end();
  const [response] = await once(asked, 'response');
  expect(response.statusCode).toBe(403);
  response.resume();
});
