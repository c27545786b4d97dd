/**
 * `npm run demo`: builds the example app with the packed package, runs it in production form under
 * `next-profiling run` and under load, and shows where its CPU went: in the terminal, then on a page.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { answering, askUntil } from './ask-until.ts';
import { buildApp, MAPS } from './build-app.ts';
import { deploy } from './deployment.ts';
import { CACHE, ROOT } from './package-tarball.ts';
import { step } from './progress.ts';
import { freePort } from './running-app.ts';

const LOAD_SECONDS = 10;
/** Clients by path; each sends its next request when the last one is answered. */
const CLIENTS: Record<string, number> = { '/api/busy?ms=40': 2, '/blog/hello': 1, '/api/light': 1 };

const CLI = join(ROOT, 'dist', 'cli.js');
const STORE = join(CACHE, 'demo', 'profiles.db');

const app = await buildApp({ name: 'next-16-turbopack', next: 16, bundler: 'turbopack' });
const deployment = await deploy(app);
try {
  rmSync(join(CACHE, 'demo'), { recursive: true, force: true });
  mkdirSync(join(CACHE, 'demo'), { recursive: true });
  const port = await freePort();
  console.log('» next-profiling run -- node server.js');
  const run = start(['run', '--store', STORE, '--maps', MAPS, '--', process.execPath, 'server.js'], {
    cwd: deployment.server,
    env: { ...process.env, PORT: String(port), HOSTNAME: '127.0.0.1', SENTRY_DSN: '' },
  });
  const ended = once(run, 'exit');
  try {
    const collector = await addressOf(run);
    await answering(`http://127.0.0.1:${port}/api/light`);

    const what = Object.entries(CLIENTS).map(([path, clients]) => `${clients} × ${path}`);
    const requests = await step(`load for ${LOAD_SECONDS} s: ${what.join(', ')}`, () =>
      load(`http://127.0.0.1:${port}`),
    );
    await step(`${requests} requests are answered; waiting for the last profile`, () => profiled(collector, requests));
  } finally {
    run.kill('SIGTERM');
    await ended;
  }

  console.log('\n» next-profiling top --route /api/busy');
  await once(
    start(['top', '--store', STORE, '--maps', MAPS, '--route', '/api/busy'], { cwd: ROOT, env: process.env }),
    'exit',
  );
} finally {
  await deployment.remove();
}
await showPage();

/** Leaves the page open for someone who looks at it; says how to open it where nobody does. */
async function showPage(): Promise<void> {
  const collect = ['collect', '--port', '0', '--store', STORE, '--maps', MAPS];
  if (!process.stdout.isTTY) {
    console.log(`\n» to look around: node dist/cli.js ${collect.map((word) => relativeToRoot(word)).join(' ')}`);
    return;
  }
  const collector = start(collect, { cwd: ROOT, env: process.env });
  const url = await new Promise<string>((resolve) => {
    collector.stderr?.on('data', (part) => {
      const address = /collecting at (http:\S+)/.exec(String(part))?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  console.log(`\n» open ${url} to look around; Ctrl-C ends it`);
  await once(collector, 'exit');
}

function relativeToRoot(word: string): string {
  return word.startsWith(ROOT) ? relative(ROOT, word) : word;
}

function start(args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], { ...options, stdio: ['ignore', 'inherit', 'pipe'] });
}

/** The collector's address, which is the first thing that `run` says. */
async function addressOf(run: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    run.stderr?.on('data', (part) => {
      process.stderr.write(part);
      text += part;
      const address = /collector at (http:\S+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
    run.once('exit', (code) => reject(new Error(`next-profiling run ended with ${code}`)));
  });
}

/** Sends requests until the time is over; says how many were answered. */
async function load(origin: string): Promise<number> {
  const endMs = performance.now() + LOAD_SECONDS * 1000;
  let answered = 0;
  const client = async (path: string): Promise<void> => {
    while (performance.now() < endMs) {
      const response = await fetch(`${origin}${path}`);
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      answered++;
    }
  };
  const clients = Object.entries(CLIENTS).flatMap(([path, count]) => Array.from({ length: count }, () => client(path)));
  await Promise.all(clients);
  return answered;
}

/** Waits until the collector knows every request and its profile. */
async function profiled(collector: string, requests: number): Promise<void> {
  const ask = async () =>
    (await (await fetch(`${collector}/api/v1/routes`)).json()) as { requests: number; pendingRequests: number };
  await askUntil(
    ask,
    (answer) => answer.requests >= requests && answer.pendingRequests === 0,
    (last) => `the collector knows ${last.requests} of ${requests} requests, ${last.pendingRequests} without a profile`,
    120_000,
  );
}
