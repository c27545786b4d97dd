import { once } from 'node:events';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { nodeBinary } from '../test/node-versions.ts';
import type { AppVariant } from './app-variant.ts';
import { attributionApp } from './attribution-app.ts';
import { buildApp, buildInPlace } from './build-app.ts';
import { type Deployment, deploy, filesEnding } from './deployment.ts';
import { codesOf, type DoctorOptions, type DoctorRun, runDoctor } from './doctor-command.ts';

let deployment: Deployment;

test.beforeAll(async () => {
  deployment = await deploy(await buildApp(attributionApp('turbopack')));
});
test.afterAll(() => deployment?.remove());

const saysOf = ({ answer }: DoctorRun, check: string): string | undefined =>
  answer.checks.find((finding) => finding.check === check)?.says;

test('a relocated standalone output is booted and profiled, and nothing is wrong with it', async () => {
  const run = await runDoctor(deployment.folder);
  expect({ code: run.code, problems: codesOf(run, 'problem'), notes: codesOf(run, 'note') }).toEqual({
    code: 0,
    problems: [],
    notes: [],
  });
  expect(saysOf(run, 'boot')).toMatch(/^the server answers \/ with 200, \d+ ms after its start \(standalone\)$/);
  expect(saysOf(run, 'samples')).toMatch(/^\d+ requests of \/ gave \d+ samples in \d+ profiles?$/);
  expect(run.answer.status).toMatchObject({ attribution: { enabled: true }, lifecycle: 'trace' });
});

test.describe('Sentry.init() and the environment: each mistake has its code, and one finding', () => {
  const CASES: readonly [what: string, init: object | null, problems: string[], notes: string[]][] = [
    ['no Sentry.init()', null, ['sentry-missing'], []],
    ['enabled: false', { enabled: false }, ['sentry-disabled'], []],
    ['no DSN', { dsn: '' }, ['dsn-missing'], []],
    ['a fixed DSN that is dead', { dsn: 'http://public@127.0.0.1:9/1' }, ['chunk-undelivered'], ['dsn-fixed']],
    ['no integration', { integrations: null }, ['integration-missing'], []],
    ['no profileSessionSampleRate', { profileSessionSampleRate: null }, ['session-rate-missing'], []],
    ['profileSessionSampleRate: 0', { profileSessionSampleRate: 0 }, ['session-rate-zero'], []],
    ['a low profileSessionSampleRate', { profileSessionSampleRate: 1e-9 }, [], ['session-rate-low']],
    ['no profileLifecycle', { profileLifecycle: null }, ['lifecycle-manual'], []],
    ['a manual lifecycle on purpose', { profileLifecycle: 'manual' }, [], ['lifecycle-manual']],
    ['no tracesSampleRate', { tracesSampleRate: null }, ['traces-rate-missing'], []],
    ['a low tracesSampleRate', { tracesSampleRate: 1e-9 }, [], []],
    ['spans that do not reach Sentry', { enableOpenTelemetrySetup: false }, ['no-root-span'], []],
    ['an option that is gone', { profilesSampleRate: 1 }, [], ['warning-logged']],
  ];
  for (const [what, init, problems, notes] of CASES) {
    test(what, async () => {
      const run = await runDoctor(deployment.folder, { env: { SENTRY_INIT: JSON.stringify(init) } });
      expect({ problems: codesOf(run, 'problem'), notes: codesOf(run, 'note') }).toEqual({ problems, notes });
      expect(run.code).toBe(problems.length === 0 ? 0 : 1);
      for (const { code, fix } of run.answer.checks) {
        // Nothing is to be done about a logged line but what it says, or about a port that nobody listens on.
        if (code !== null && !/^(warning-logged|chunk-undelivered|session-rate-low)$/.test(code))
          expect(fix).toMatch(/\w/);
      }
      // Whoever can be profiled has been, whatever is wrong for the requests to come.
      if (problems.length === 0) expect(saysOf(run, 'samples')).toMatch(/gave \d+ samples/);
    });
  }

  test('NEXT_PROFILING=off is found, and left as it is', async () => {
    const run = await runDoctor(deployment.folder, { env: { NEXT_PROFILING: 'off' } });
    expect(codesOf(run, 'problem')).toEqual(['profiling-disabled']);
    expect(run.answer.status).toMatchObject({ reason: 'NEXT_PROFILING is off' });
  });
});

test.describe('Node: what cannot work there is said', () => {
  const CASES: readonly [version: string, options: DoctorOptions, problems: string[], notes: string[]][] = [
    ['18.20.8', {}, ['node-too-old', 'profiling-disabled'], []],
    ['20.20.2', {}, [], ['attribution-off']],
    ['22.23.3', {}, [], ['attribution-off']],
    ['22.23.3', { env: { NODE_OPTIONS: '--experimental-async-context-frame' } }, [], []],
    ['26.10.0', {}, [], []],
  ];
  for (const [version, options, problems, notes] of CASES) {
    test(`${version} ${options.env?.NODE_OPTIONS ?? ''}`, async () => {
      const run = await runDoctor(deployment.folder, { ...options, command: [nodeBinary(version)] });
      expect({ problems: codesOf(run, 'problem'), notes: codesOf(run, 'note') }).toEqual({ problems, notes });
    });
  }
});

test.describe('a server that does not serve', () => {
  let file: string;
  let original: string;

  test.beforeEach(async () => {
    file = join(deployment.server, 'server.js');
    original = await readFile(file, 'utf8');
  });
  test.afterEach(() => writeFile(file, original));

  /** Replaces `server.js`. The original is a part of the other: by it a standalone output is told. */
  const serve = (code: string): Promise<void> => writeFile(file, code);
  const boot = (options?: DoctorOptions): Promise<DoctorRun> => runDoctor(deployment.folder, options);

  test('one that ends at its start is shown with its last words', async () => {
    await serve(`throw new Error('the database is gone');\n${original}`);
    const run = await boot();
    expect(codesOf(run, 'problem')).toEqual(['server-ended']);
    expect(saysOf(run, 'boot')).toMatch(/ended \(exit code 1\); it printed last:\n[\s\S]*the database is gone/);
  });

  test('one that never listens is given up on', async () => {
    await serve(`setInterval(() => {}, 1000); console.log('I wait');\n/* ${original} */`);
    const run = await boot({ args: ['--timeout', '2s'] });
    expect(codesOf(run, 'problem')).toEqual(['server-silent']);
    expect(saysOf(run, 'boot')).toContain('it printed last:\nI wait');
  });

  test('one that only we keep from serving is our fault', async () => {
    await serve(`if (process.env.NEXT_PROFILING !== 'off') process.abort();\n${original}`);
    const run = await boot();
    expect(codesOf(run, 'problem')).toEqual(['server-fails-with-profiling']);
    expect(saysOf(run, 'boot')).toMatch(/^the server ends \(SIGABRT\), and serves with NEXT_PROFILING=off/);
  });

  test('one whose port is taken says so itself', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      await serve(original.replace('process.env.PORT', `'${port}'`));
      const run = await boot();
      expect(codesOf(run, 'problem')).toEqual(['server-ended']);
      expect(saysOf(run, 'boot')).toContain('EADDRINUSE');
    } finally {
      other.close();
    }
  });
});

test('an output without an instrumentation file and without us is told what to paste', async () => {
  const bare = await deploy(await buildApp(attributionApp('turbopack')));
  try {
    for (const path of await filesEnding(bare.folder, 'server/instrumentation.js')) await rm(join(bare.folder, path));
    for (const path of await filesEnding(bare.folder, '.next/next-profiling')) {
      await rm(join(bare.folder, path), { recursive: true });
    }
    const { answer } = await runDoctor(bare.folder);
    const fixes = Object.fromEntries(answer.checks.map(({ code, fix }) => [code, fix]));
    expect(fixes['engine-missing']).toContain('export default withProfiling(nextConfig);');
    expect(fixes['instrumentation-missing']).toContain('integrations: [nodeProfilingIntegration()],');
    expect(answer.checks.filter(({ result }) => result === 'problem')).toHaveLength(2);
  } finally {
    await bare.remove();
  }
});

test('a project is served by next start, under its basePath, and its packages are named', async () => {
  const variant: AppVariant = {
    name: 'base-path',
    next: 16,
    bundler: 'turbopack',
    files: {
      'next.config.ts': `import { withProfiling } from 'next-profiling/plugin';
export default withProfiling({ basePath: '/shop' });
`,
    },
  };
  const run = await runDoctor(await buildInPlace(variant));
  expect(codesOf(run, 'problem')).toEqual([]);
  expect(saysOf(run, 'boot')).toMatch(/^the server answers \/shop with 200, \d+ ms after its start \(next start\)$/);
  expect(saysOf(run, 'packages')).toMatch(/^next-profiling \S+, @sentry\/nextjs 11\.1\.0, npm$/);
});

test('a Sentry SDK of whose parts each has a version of OpenTelemetry of its own is found', async () => {
  const folder = await buildInPlace(attributionApp('turbopack'));
  // Where npm puts the SDK's version if the app depends on another.
  const nested = join(folder, 'node_modules/@sentry/node/node_modules/@opentelemetry/api');
  await cp(join(folder, 'node_modules/@opentelemetry/api'), nested, { recursive: true });
  try {
    const manifest = JSON.parse(await readFile(join(nested, 'package.json'), 'utf8'));
    await writeFile(join(nested, 'package.json'), JSON.stringify({ ...manifest, version: '1.99.0' }));
    const run = await runDoctor(folder);
    expect(codesOf(run, 'problem')).toEqual(['opentelemetry-versions']);
    expect(saysOf(run, 'openTelemetry')).toContain('(@sentry/node 1.99.0, @sentry/opentelemetry 1.10.0)');
    expect(run.answer.checks.find(({ check }) => check === 'openTelemetry')?.fix).toContain(
      '@opentelemetry/api@1.99.0',
    );
  } finally {
    await rm(join(nested, '../..'), { recursive: true });
  }
});
