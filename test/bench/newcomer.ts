/**
 * A newcomer's path, timed: a plain `create-next-app`, the packed package, the README's three snippets as they stand there, a
 * build, and `next-profiling run` until the route table. Fails if that takes over two minutes of machine time, or if no route
 * is in the table.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answering } from '../../e2e/ask-until.ts';
import { CLEAN } from '../../e2e/build-app.ts';
import { packPackage } from '../../e2e/package-tarball.ts';
import { mustRun } from '../../e2e/run-command.ts';
import { freePort } from '../../e2e/running-app.ts';
import { codeBlocks } from '../documentation/code-blocks.ts';

const CREATE = 'create-next-app@16.4.3';
const SENTRY = '@sentry/nextjs@11.1.0';
const LIMIT_SECONDS = 120;
const REQUESTS = 40;

const { file: tarball } = await packPackage();
const top = await mkdtemp(join(tmpdir(), 'next-profiling-newcomer-'));
const app = join(top, 'app');
const took = new Map<string, number>();

async function timed<T>(what: string, run: () => Promise<T>): Promise<T> {
  const from = performance.now();
  console.error(`» ${what}`);
  const result = await run();
  took.set(what, (performance.now() - from) / 1000);
  return result;
}

const npm = (...args: string[]): Promise<string> =>
  mustRun('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: app });

/** The README's snippets: what goes into which file, and what is typed. */
const blocks = codeBlocks('README.md');
const files = blocks.filter(({ filename }) => filename !== undefined).slice(0, 2);
const typed =
  blocks
    .find(({ language }) => language === 'sh')
    ?.text.trim()
    .split('\n') ?? [];

try {
  await timed(CREATE, async () => {
    // The other template fetches fonts when it is built, from a host that may be out of reach.
    const plain = ['--empty', '--ts', '--app', '--eslint', '--tailwind', '--no-src-dir', '--use-npm', '--yes'];
    await mustRun('npx', ['--yes', CREATE, 'app', ...plain, '--skip-install', '--disable-git'], { cwd: top });
  });
  await timed('npm install', () => npm('install', tarball, SENTRY));
  for (const { filename = '', text } of files) await writeFile(join(app, filename), text);
  const [build = '', run = ''] = typed;
  await timed(build, () => mustRun('sh', ['-c', build], { cwd: app, env: CLEAN }));
  const table = await timed(run, () => seeTable(run));
  console.log(table.trim());
  const seconds = [...took.values()].reduce((sum, each) => sum + each, 0);
  console.log([...took].map(([what, each]) => `${each.toFixed(1).padStart(6)} s  ${what}`).join('\n'));
  console.log(`${seconds.toFixed(1).padStart(6)} s  in all, of ${LIMIT_SECONDS}`);
  if (!/^\/ +\d+ /m.test(table)) throw new Error('the route table does not list /');
  if (seconds > LIMIT_SECONDS) throw new Error(`it took ${seconds.toFixed(0)} s`);
} finally {
  await rm(top, { recursive: true, force: true });
}

/** Runs the command, uses the app, ends it as Ctrl-C does, and answers with what was printed. */
async function seeTable(command: string): Promise<string> {
  const port = await freePort();
  const env = { ...process.env, ...CLEAN, PORT: String(port), SENTRY_DSN: '' };
  // A group of its own: Ctrl-C reaches all that the shell started.
  const child = spawn('sh', ['-c', command], { cwd: app, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (text) => (printed += text));
  const ended = once(child, 'exit');
  try {
    await answering(`http://127.0.0.1:${port}/`, () => child.exitCode !== null);
    for (let index = 0; index < REQUESTS; index++) await (await fetch(`http://127.0.0.1:${port}/`)).text();
  } finally {
    process.kill(-(child.pid as number), 'SIGINT');
    await ended;
  }
  return printed;
}
