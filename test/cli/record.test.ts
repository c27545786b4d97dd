import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FunctionsAnswer, RoutesAnswer } from '../../src/collector/api-types.ts';
import { chunkOf } from '../profile/chunk-of.ts';
import { runCli, startCli, temporaryFolder } from './run-cli.ts';

const PRODUCER = fileURLToPath(new URL('./producer.ts', import.meta.url));
const script = (code: string) => ['run', '--', process.execPath, '-e', code];

describe('run, with the real Sentry SDK and the profile of a real process', () => {
  test('ends with a route table in which the busy route and its function lead', async () => {
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await runCli(['run', '--', process.execPath, PRODUCER, '4', '60'], { cwd });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^\[next-profiling\] collector at http:\/\/127\.0\.0\.1:\d+\n$/),
    });
    const [, header, first] = stdout.split('\n');
    expect(header).toMatch(/^route +requests +ms\/req +p50 +p95 +cpu ms +share +top function$/);
    expect(first).toMatch(/^\/api\/busy +4 .*% +burnOnPurpose$/);
    expect(stdout).toMatch(/^\/api\/light +4 /m);
    expect(stdout).toMatch(/^\(no request\) /m);
    expect(stdout).toContain('time-window');
    expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(stdout).not.toContain('\u001b');

    const routes: RoutesAnswer = JSON.parse((await runCli(['top', '--by', 'route', '--json'], { cwd })).stdout);
    const busy = routes.routes[0];
    expect(busy).toMatchObject({ route: '/api/busy', requests: 4, profiledRequests: 4 });
    // Sixty milliseconds of work; the machine is shared, so it may have had less of the processor and never much more.
    expect(busy?.cpuMsPerRequest?.p50).toBeGreaterThan(40);
    expect(busy?.cpuMsPerRequest?.p50).toBeLessThan(120);

    const functions: FunctionsAnswer = JSON.parse(
      (await runCli(['top', '--route', '/api/busy', '--json'], { cwd })).stdout,
    );
    const line =
      readFileSync(PRODUCER, 'utf8')
        .split('\n')
        .findIndex((text) => text.includes('function burnOnPurpose')) + 1;
    expect(functions.functions[0]).toMatchObject({ name: 'burnOnPurpose', line, column: 23 });
    expect(functions.functions[0]?.file).toContain('producer.ts');
  });
});

describe('run', () => {
  test.each([
    ['its code', 'process.exit(7)', 7],
    ['128 and the signal that ended it', "process.kill(process.pid, 'SIGKILL')", 137],
  ])('ends as its command ended: with %s', async (_, code, expected) => {
    expect(await runCli(script(code))).toMatchObject({
      code: expected,
      stdout: expect.stringContaining('No requests and no profiles yet'),
    });
  });

  test('gives the command a DSN of its own collector if it has none', async () => {
    const { stdout, stderr } = await runCli(script('console.log(process.env.SENTRY_DSN)'));
    const [, address] = /collector at http:\/\/(\S+)/.exec(stderr) ?? [];
    expect(stdout).toContain(`http://public@${address}/1`);
  });

  test('leaves a DSN that is set alone, and says so', async () => {
    const env = { SENTRY_DSN: 'https://key@sentry.example/5' };
    const { stdout, stderr } = await runCli(script('console.log(process.env.SENTRY_DSN)'), { env });
    expect(stdout).toContain(env.SENTRY_DSN);
    expect(stderr).toContain('SENTRY_DSN is set, so profiles go there');
  });

  test('finds commands in node_modules/.bin of its folder and those above', async () => {
    const root = temporaryFolder();
    const [bin, cwd] = [join(root, 'node_modules', '.bin'), join(root, 'apps', 'web')];
    for (const folder of [bin, cwd]) mkdirSync(folder, { recursive: true });
    symlinkSync(process.execPath, join(bin, 'my-local-command'));
    const { code, stdout } = await runCli(['run', '--', 'my-local-command', '-p', '6 * 7'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^42\n/) });
  });

  test.each([
    ['the one of its name', (script: string) => script],
    ['by name', (script: string) => ({ other: 'no-such-file.js', 'my-command': script })],
  ])('finds the command of a package without node_modules/.bin, %s', async (_, bin) => {
    const root = temporaryFolder();
    const [installed, cwd] = [join(root, 'node_modules', 'my-command'), join(root, 'apps', 'web')];
    for (const folder of [installed, cwd]) mkdirSync(folder, { recursive: true });
    // What a package exports has no say in what its commands are.
    writeFileSync(join(installed, 'package.json'), JSON.stringify({ bin: bin('./bin/start.js'), exports: {} }));
    mkdirSync(join(installed, 'bin'));
    writeFileSync(join(installed, 'bin', 'start.js'), 'console.log(...process.argv.slice(2)); process.exitCode = 7;');
    const { code, stdout } = await runCli(['run', '--', 'my-command', 'start', '-p', '1'], { cwd });
    expect({ code, stdout }).toEqual({ code: 7, stdout: expect.stringMatching(/^start -p 1\n/) });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'passes %s on and waits for the graceful end of its command',
    async (signal) => {
      const cli = startCli(
        script(`
      process.on('${signal}', () => { console.log('ending'); setImmediate(() => process.exit(5)); });
      setInterval(() => {}, 1000); console.error('ready');`),
      );
      await cli.printed(/ready/);
      cli.child.kill(signal);
      expect(await cli.ended).toBe(5);
      expect(cli.stdout).toContain('ending');
    },
  );

  test('shows what was sent in the last moment before its command ended', async () => {
    const chunk = JSON.stringify(
      chunkOf([
        [0, ['burn']],
        [1, ['burn']],
        [2, []],
      ]),
    );
    const sender = `
      const { hostname, port } = new URL(process.env.SENTRY_DSN);
      const now = Date.now() / 1000;
      const chunk = JSON.parse(process.argv[1]);
      chunk.profile.samples.forEach((sample, index) => { sample.timestamp = now + index; });
      // Small on the wire and long to unpack, so that the collector is still at it when this process is gone.
      chunk.padding = 'x'.repeat(30_000_000);
      const body = require('node:zlib').gzipSync('{}\\n{"type":"profile_chunk","platform":"node"}\\n' + JSON.stringify(chunk));
      const socket = require('node:net').connect(port, hostname);
      socket.write('POST /api/1/envelope/?sentry_key=k HTTP/1.1\\r\\nhost: x\\r\\ncontent-encoding: gzip\\r\\ncontent-length: ' + body.length + '\\r\\n\\r\\n');
      socket.end(body, () => process.exit(0));`;
    const { code, stdout } = await runCli(['run', '--', process.execPath, '-e', sender, chunk]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\(no request\) +2000 +100\.0% +burn$/m);
  });

  test('says what was refused of what its command sent', async () => {
    const sender = `
      const { origin } = new URL(process.env.SENTRY_DSN.replace('public@', ''));
      const post = (body) => fetch(origin + '/api/1/envelope/?sentry_key=k', { method: 'POST', body });
      post('{}\\n{"type":"profile_chunk"}\\n{}').then(() => post('hello'));`;
    const { code, stderr } = await runCli(script(sender));
    expect(code).toBe(0);
    expect(stderr).toContain('refused, as Sentry would: 1 × profiling_platform_not_supported, 1 × NP_ENVELOPE');
  });

  test('shows its own recording only, top shows all that the store holds', async () => {
    const cwd = temporaryFolder();
    await runCli(['run', '--', process.execPath, PRODUCER, '1', '20'], { cwd });
    expect((await runCli(script('0'), { cwd })).stdout).toContain('No requests and no profiles yet');
    expect((await runCli(['top'], { cwd })).stdout).toMatch(/^\/api\/busy +1 /m);
    expect((await runCli(['top', '--since', '1d', '--markdown'], { cwd })).stdout).toMatch(/^\| \/api\/busy \| 1 \|/m);
    const wrong = await runCli(['top', '--route', '/api/bus'], { cwd });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("did you mean '/api/busy'?") });
  });

  test('a taken port ends it with 3 before its command starts', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const cwd = temporaryFolder();
    const started = `require('node:fs').writeFileSync('started', '')`;
    const { code, stderr } = await runCli(['run', '--port', String(port), '--', process.execPath, '-e', started], {
      cwd,
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(new RegExp(`port ${port} on 127.0.0.1 is taken`));
    expect(existsSync(join(cwd, 'started'))).toBe(false);
  });
});

test('collect prints its address and DSN, takes envelopes until it is told to end, and ends with 0', async () => {
  const cwd = temporaryFolder();
  const cli = startCli(['collect', '--port', '0', '--store', 'sqlite:kept.db'], { cwd });
  const [, dsn = ''] = await cli.printed(/SENTRY_DSN=(\S+)/);
  const { origin, username } = new URL(dsn);
  const chunk = JSON.stringify(
    chunkOf([
      [0, ['burn']],
      [1, ['burn']],
      [2, []],
    ]),
  );
  const body = `{}\n{"type":"profile_chunk","platform":"node"}\n${chunk}`;
  const sent = await fetch(`${origin.replace(`${username}@`, '')}/api/1/envelope/?sentry_key=${username}`, {
    method: 'POST',
    body,
  });
  expect(sent.status).toBe(200);
  cli.child.kill('SIGINT');
  expect(await cli.ended).toBe(0);
  expect((await runCli(['top', '--by', 'function', '--store', 'kept.db'], { cwd })).stdout).toMatch(
    /^burn +2000\.0 +2000\.0 +100\.0% +\/app\/code\.ts:1:1$/m,
  );
});
