import { copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { ProfilingStatus } from '../src/engine.ts';
import { Sink } from '../test/sink.ts';
import { attributionApp } from './attribution-app.ts';
import { buildApp } from './build-app.ts';
import { type Deployment, deploy, filesEnding } from './deployment.ts';
import { codesOf, runDoctor } from './doctor-command.ts';
import { inMountNamespace, mountsCanChange, ONLY_STAT_IN_PROC, readOnly } from './mount-namespace.ts';
import { expectEveryRouteToWork } from './routes.ts';
import { RunningApp } from './running-app.ts';

/** Something that is wrong with a deployment, the environment or the machine. */
interface Fault {
  what: string;
  /** Changes the deployment. */
  maim?: (files: { engine: string; binary: string }) => Promise<void>;
  env?: Record<string, string>;
  /** Runs the server and the doctor. */
  command?: (deployment: Deployment) => string[];
  /** What `profilingStatus()` gives as its reason. Absent: it profiles all the same, and there is nothing to say. */
  reason?: RegExp;
  /** Whether it profiles without the addon. */
  isFallback?: boolean;
  /** What else the doctor finds wrong. */
  codes?: string[];
}

const node = [process.execPath];

const FAULTS: readonly Fault[] = [
  {
    what: 'no engine',
    maim: ({ engine }) => rm(engine),
    reason: /engine was not found .*; wrap next.config with withProfiling\(\) and build again$/,
    codes: ['engine-missing'],
  },
  {
    what: 'half of an engine',
    maim: ({ engine }) => truncate(engine, 20_000),
    reason: /engine was not found \(looked for .*engine\.cjs \(.+\)/,
  },
  {
    what: 'no binary',
    maim: ({ binary }) => rm(binary),
    reason:
      /\(not found\).*build for this platform with withProfiling\(nextConfig, \{ target: '.*' \}\) \(NP_BINARY\); profiles through node:inspector/,
    isFallback: true,
    codes: ['binary-missing'],
  },
  {
    what: 'half of a binary',
    maim: ({ binary }) => truncate(binary, 70_000),
    reason: /truncated: 70000 of \d+ bytes.*; build and deploy again \(NP_BINARY\); profiles through/,
    isFallback: true,
    codes: ['binary-broken'],
  },
  {
    what: 'the binary of another libc, under its own name',
    maim: async ({ binary }) => {
      await copyFile(binary, binary.replace('glibc', 'musl'));
      await rm(binary);
    },
    reason: /\(not found\); found next-profiling-linux-x64-musl\.node; build for this platform/,
    isFallback: true,
    codes: ['binary-missing'],
  },
  {
    what: 'the binary of another libc, under the name of ours',
    maim: async ({ binary }) => {
      const bytes = await readFile(binary, 'latin1');
      await writeFile(binary, bytes.replaceAll('\0libc.so.6\0', '\0libc.musl\0'), 'latin1');
    },
    reason: /libc\.musl: cannot open shared object file.*\(NP_BINARY\)/,
    isFallback: true,
  },
  {
    what: '--no-addons',
    env: { NODE_OPTIONS: '--no-addons' },
    reason: /addons is disabled.*; start Node without --no-addons, or/,
    isFallback: true,
  },
  {
    what: 'the permission model without addons',
    env: { NODE_OPTIONS: '--permission --allow-fs-read=* --allow-fs-write=* --allow-child-process --allow-worker' },
    reason: /addons.*--allow-addons.*\(NP_BINARY\); nor can it profile through node:inspector: .*--allow-inspector/,
  },
  { what: '--jitless', env: { NODE_OPTIONS: '--jitless' } },
  { what: '--disable-proto=throw', env: { NODE_OPTIONS: '--disable-proto=throw' } },
  { what: 'a file system that can only be read', command: ({ folder }) => inMountNamespace(readOnly(folder), node) },
  { what: 'next to nothing in /proc', command: () => inMountNamespace(ONLY_STAT_IN_PROC, node) },
];

test.describe('the server serves, says so once, and doctor says the same, with', () => {
  let deployment: Deployment;
  let sink: Sink;

  test.beforeEach(async () => {
    deployment = await deploy(await buildApp(attributionApp('turbopack')));
    sink = await Sink.listen();
  });
  test.afterEach(async () => {
    sink.close();
    await deployment.remove();
  });

  for (const { what, maim, env = {}, command = () => node, reason, isFallback = false, codes = [] } of FAULTS) {
    test(what, async () => {
      test.skip(command(deployment)[0] === 'unshare' && !mountsCanChange(), 'nobody may change mounts here');
      await maim?.(await oursIn(deployment));
      const status = await serve({ env, command: command(deployment) });
      const doctor = await runDoctor(deployment.folder, { env, command: command(deployment) });
      expect(doctor.answer.status).toMatchObject({
        state: expect.any(String),
        ...(reason && { reason: status.reason }),
      });
      if (reason === undefined) {
        expect(codesOf(doctor, 'problem')).toEqual([]);
        expect(doctor.code).toBe(0);
        return;
      }
      expect(status).toMatchObject({
        state: isFallback ? 'fallback' : 'disabled',
        reason: expect.stringMatching(reason),
      });
      const code = isFallback ? 'profiling-fallback' : 'profiling-disabled';
      expect(codesOf(doctor, 'problem').sort()).toEqual([...codes, code].sort());
      expect(doctor.answer.checks.find((check) => check.code === code)?.says).toBe(status.reason);
      expect((doctor.answer.status as ProfilingStatus | null)?.counters.chunksSent ?? 0).toBeGreaterThanOrEqual(
        isFallback ? 1 : 0,
      );
      expect(doctor.code).toBe(1);
    });
  }

  /** Every route is asked; the one line that is said is the status's. */
  async function serve({ env, command }: { env: Record<string, string>; command: string[] }): Promise<ProfilingStatus> {
    const [program = '', ...args] = command;
    const app = await RunningApp.start({
      program,
      cwd: deployment.server,
      args: () => [...args, 'server.js'],
      env: { ...env, SENTRY_DSN: sink.dsn },
    });
    try {
      await expectEveryRouteToWork(app);
      const status: ProfilingStatus = await (await app.get('/api/status')).json();
      const lines = app.output.split('\n').filter((line) => line.includes('[next-profiling]'));
      const isSaid = status.state === 'disabled' || status.state === 'fallback';
      expect(lines).toEqual(isSaid ? [expect.stringContaining(status.reason)] : []);
      expect(await app.stop()).toBe(128 + constants.signals.SIGTERM);
      return status;
    } finally {
      await app.stop();
    }
  }
});

async function oursIn({ folder }: Deployment): Promise<{ engine: string; binary: string }> {
  const [engine] = await filesEnding(folder, 'next-profiling/engine.cjs');
  const [binary] = (await filesEnding(folder, '.node')).filter((path) => path.includes('next-profiling-'));
  return { engine: join(folder, String(engine)), binary: join(folder, String(binary)) };
}
