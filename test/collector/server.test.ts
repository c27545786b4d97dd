import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startCollector } from '../../src/collector/server.ts';
import { chunkOf } from '../profile/chunk-of.ts';
import { chunkItem, envelopeOf, requestSpan, spanItem } from './envelope-of.ts';
import { openCollector } from './open-collector.ts';

const ENVELOPE = envelopeOf(
  chunkItem(
    chunkOf([
      [0, ['burn']],
      [1, ['burn']],
      [2, []],
    ]),
  ),
);
const TOKEN = 'a-secret-of-16-letters';

describe('an SDK reaches the collector', () => {
  test.each([
    ['with slash, key in the query', '/api/1/envelope/?sentry_version=7&sentry_key=k&sentry_client=x', {}],
    ['without slash', '/api/1/envelope?sentry_key=k', {}],
    [
      'key in the header',
      '/api/4507/envelope/',
      { 'x-sentry-auth': 'Sentry sentry_version=7, sentry_key=abc, sentry_client=x/1' },
    ],
    ['key first in the header', '/api/1/envelope/', { 'x-sentry-auth': 'Sentry sentry_key=abc,sentry_version=7' }],
  ])('%s', async (_, path, headers) => {
    const collector = await openCollector();
    expect(await collector.post(ENVELOPE, headers, path)).toMatchObject({ status: 200 });
  });

  test('but not without any key', async () => {
    const answer = await (await openCollector()).post(ENVELOPE, {}, '/api/1/envelope/');
    expect(answer).toMatchObject({ status: 401, body: { detail: expect.stringMatching(/sentry_key/), causes: [] } });
  });
});

describe('what cannot be taken is one clear answer, and nothing is stored', () => {
  test.each<[string, string | Uint8Array, Record<string, string>, number, RegExp]>([
    [
      'a malformed envelope',
      '{}\n{"type":"a","length":99}\nx',
      {},
      400,
      /length is 99 but only 1 bytes follow \(item 0, byte 28\)/,
    ],
    ['an empty body', '', {}, 400, /header line is empty/],
    [
      'an encoding we do not know',
      ENVELOPE,
      { 'content-encoding': 'lzma' },
      415,
      /'lzma' is not known here; known: gzip/,
    ],
    ['a body that is not what its encoding says', ENVELOPE, { 'content-encoding': 'gzip' }, 400, /not valid gzip/],
    ['a body beyond the limit on the wire', 'x'.repeat(5_000), {}, 413, /larger than the limit of 4000 bytes/],
    [
      'a body beyond the limit after decompression',
      gzipSync('x'.repeat(9_000)),
      { 'content-encoding': 'gzip' },
      413,
      /decompressed body is larger than the limit of 8000/,
    ],
  ])('%s', async (_, body, headers, status, detail) => {
    const collector = await openCollector({ maxWireBytes: 4_000, maxBodyBytes: 8_000 });
    expect(await collector.post(body, headers)).toMatchObject({
      status,
      body: { detail: expect.stringMatching(detail) },
    });
    const counts = await collector.status();
    expect(counts.store).toMatchObject({ chunks: 0, spans: 0 });
    expect(Object.values(counts.ingest.refusedEnvelopes)).toEqual([1]);
    expect(await collector.post(ENVELOPE)).toMatchObject({ status: 200 });
  });

  test('a sender in the middle of a body that is too large sees the answer', async () => {
    const collector = await openCollector({ maxWireBytes: 16 * 1024 * 1024 });
    // More than the sockets' buffers take, so the sender is in the middle when the limit is reached.
    const answer = await collector.post(new Uint8Array(60 * 1024 * 1024));
    expect(answer.status).toBe(413);
  });

  test('a sender that goes away in the middle does no harm and is no problem of the collector', async () => {
    const lines: string[] = [];
    const collector = await openCollector({ log: (line) => lines.push(line) });
    const sent = httpRequest({
      port: collector.port,
      method: 'POST',
      path: '/api/1/envelope/?sentry_key=k',
      headers: { 'content-length': 1000 },
    });
    sent.on('error', () => {});
    sent.write('{}\n');
    await once(sent, 'socket').then(([socket]) => (socket.connecting ? once(socket, 'connect') : undefined));
    sent.destroy();
    await vi.waitFor(() => expect(collector.counters.refusedEnvelopes).toEqual({ NP_BODY_CUT_OFF: 1 }));
    expect(lines).toEqual([]);
    expect(await collector.post(ENVELOPE)).toMatchObject({ status: 200 });
  });

  test.each([
    ['GET', '/api/1/envelope/?sentry_key=k', 405, 'POST'],
    ['POST', '/api/v1/routes', 405, 'GET, HEAD'],
    ['DELETE', '/', 405, 'GET, HEAD'],
    ['GET', '/nope', 404, null],
    ['POST', '/api/1/store/', 404, null],
    ['POST', '/api/a%20b/envelope/', 404, null],
  ])('%s %s is %i', async (method, path, status, allow) => {
    const { port } = await openCollector();
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([status, allow]);
    expect(await response.json()).toMatchObject({ detail: expect.any(String), causes: [] });
  });
});

describe('who may read', () => {
  test.each([
    ['127.0.0.1:1', 200],
    ['localhost', 200],
    ['app.localhost:3000', 200],
    ['[::1]:8971', 200],
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['192.168.0.7', 403],
  ])('a page asked for under the name %o is answered %i', async (host, status) => {
    const { port } = await openCollector();
    const asked = httpRequest({ port, host: '127.0.0.1', path: '/api/v1/routes', headers: { host } });
    asked.end();
    const [response] = await once(asked, 'response');
    expect(response.statusCode).toBe(status);
    response.resume();
  });

  test.each([
    ['/api/v1/routes', 'http://evil.example', 403],
    ['/', 'null', 403],
    ['/api/v1/routes', 'http://127.0.0.1:1', 403],
    ['/api/v1/routes', 'own', 200],
  ])(
    '%s is answered to a page of %s with %i, and never with leave to read it from elsewhere',
    async (path, from, status) => {
      const { port, get } = await openCollector();
      const origin = from === 'own' ? `http://127.0.0.1:${port}` : from;
      const answer = await get(path, { origin });
      expect(answer.status).toBe(status);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  );

  test('with a token, readers need it as bearer or in the query, and senders as the key of their DSN', async () => {
    const collector = await openCollector({ token: TOKEN });
    expect((await collector.get('/')).status).toBe(401);
    expect((await collector.get('/', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await collector.get('/', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await collector.get(`/api/v1/routes?token=${TOKEN}`)).status).toBe(200);
    expect((await collector.post(ENVELOPE)).status).toBe(403);
    expect(new URL(collector.dsn).username).toBe(TOKEN);
    expect((await collector.post(ENVELOPE, {}, `/api/1/envelope/?sentry_key=${TOKEN}`)).status).toBe(200);
  });

  test.each([undefined, 'short', 'has spaces in the token'])(
    'a host beyond loopback with token %o is refused',
    async (token) => {
      const { store } = await openCollector();
      const started = startCollector({ store, version: '1', host: '0.0.0.0', ...(token !== undefined && { token }) });
      await expect(started).rejects.toMatchObject({
        code: 'NP_OPTION',
        message: expect.stringMatching(/'0.0.0.0'.*--token/),
      });
    },
  );
});

test('a taken port is a clear error', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  const { store } = await openCollector();
  const message = expect.stringMatching(new RegExp(`port ${port} on 127.0.0.1 is taken.*--port`));
  await expect(startCollector({ store, version: '1', port })).rejects.toMatchObject({ code: 'NP_PORT', message });
});

test('the front page is the route table as text, HEAD answers without it', async () => {
  const collector = await openCollector();
  expect((await collector.get('/')).body).toMatch(/^No requests and no profiles yet/);
  await collector.post(envelopeOf(spanItem(requestSpan('/api/busy', 0, 1))));
  const page = await collector.get('/');
  expect(page.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(page.body).toMatch(/^route +requests .*\n\/api\/busy +1 /);
  const head = await fetch(`http://127.0.0.1:${collector.port}/`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('names from the wire cannot send escape sequences to a terminal', async () => {
  const collector = await openCollector();
  await collector.post(envelopeOf(spanItem(requestSpan('/a\u001b[2J\nb\u009b', 0, 1))));
  const page = (await collector.get('/')).body as string;
  expect(page).toContain('/a?[2J?b?');
  expect(page).not.toContain('\u001b');
  expect(page).not.toContain('\u009b');
});
