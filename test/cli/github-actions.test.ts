import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from './run-cli.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLE = join(ROOT, 'docs', 'ci');
const APP = readFileSync(join(ROOT, 'test', 'fixtures', 'compared-app.mjs'), 'utf8');

interface Step {
  name?: string;
  run?: string;
  if?: string;
  'working-directory'?: string;
}

const STEPS: Step[] = parse(readFileSync(join(EXAMPLE, 'cpu.yml'), 'utf8')).jobs.compare.steps;

/** Two checkouts beside one another, as the workflow makes them; packages are in the folder above. */
function checkouts(newApp: string): string {
  const folder = temporaryFolder();
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  symlinkSync(ROOT, join(modules, 'next-profiling'));
  symlinkSync(join(ROOT, 'node_modules', '@sentry'), join(modules, '@sentry'));
  const command = join(modules, '.bin', 'next-profiling');
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'src', 'cli', 'main.ts')}" "$@"\n`);
  chmodSync(command, 0o755);
  const manifest = { name: 'app', version: '1.0.0', scripts: { build: 'true', start: 'node app.mjs' } };
  const lock = { ...manifest, lockfileVersion: 3, packages: { '': { name: 'app', version: '1.0.0' } } };
  for (const [side, app] of Object.entries({ base: APP, new: newApp })) {
    mkdirSync(join(folder, side, 'scripts'), { recursive: true });
    cpSync(join(EXAMPLE, 'load.mjs'), join(folder, side, 'scripts', 'load.mjs'));
    writeFileSync(join(folder, side, 'app.mjs'), app);
    writeFileSync(join(folder, side, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, side, 'package-lock.json'), JSON.stringify(lock));
  }
  return folder;
}

/** Runs the steps as GitHub does, up to the one that fails, then those that always run. All but `gh` is real. */
async function runSteps(folder: string, env: Record<string, string>) {
  const ended: Record<string, number | null> = {};
  let output = '';
  for (const step of STEPS.filter(({ run }) => run !== undefined && !run.startsWith('gh '))) {
    const isOver = Object.values(ended).some((code) => code !== 0);
    if (isOver && step.if === undefined) continue;
    const script = step.run?.replace('in 1 2 3;', isWhole ? '$&' : 'in 1;') ?? '';
    const child = spawn('bash', ['-e', '-c', script], {
      cwd: join(folder, step['working-directory'] ?? ''),
      env: { ...process.env, SENTRY_DSN: '', ...env },
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    const [code] = await once(child, 'close');
    ended[step.name ?? ''] = code;
  }
  return { ended, output };
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(typeof address === 'object' ? address?.port : address);
}

/** By default one round, which is quicker and noisier. */
const isWhole = process.env.NEXT_PROFILING_ALL === '1';
const ROUNDS = isWhole ? 3 : 1;
const REQUESTS = 60;

test('the GitHub Actions example names the function that became slower, and fails', { timeout: 180_000 }, async () => {
  const slower = `// Everything moves.\n\n${APP.replace('SLOW_ROUNDS = 100', 'SLOW_ROUNDS = 160')}`;
  const folder = checkouts(slower);
  const summary = join(folder, 'summary.md');
  const { ended, output } = await runSteps(folder, {
    GITHUB_STEP_SUMMARY: summary,
    PORT: await freePort(),
    REQUESTS: String(REQUESTS),
  });
  expect(ended, output).toEqual({ 'Build both': 0, 'Profile both': 0, Compare: 1, Show: 0 });
  const [headline, , first] = readFileSync(summary, 'utf8').split('\n');
  expect(headline, output).toMatch(/^### slower: 1 function and 1 route take over 10\.0% more CPU per request$/);
  expect(first).toMatch(/^- `slowWork` of `\/`: \+(4[5-9]|5\d|6\d|7[0-5])\.\d% ±/);
  expect(readFileSync(summary, 'utf8')).toContain(
    `\n| \`/blog/hello\` | ${ROUNDS * REQUESTS}, ${ROUNDS * REQUESTS} | `,
  );
  expect(readFileSync(summary, 'utf8')).toContain(`in ${ROUNDS} run`);
});
