import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { AppVariant } from '../../e2e/app-variant.ts';
import { answering } from '../../e2e/ask-until.ts';
import { buildApp, MAPS } from '../../e2e/build-app.ts';
import { type Deployment, deploy } from '../../e2e/deployment.ts';
import { ROOT } from '../../e2e/package-tarball.ts';
import { freePort } from '../../e2e/running-app.ts';

export { MAPS };

/** What is asked for: paths, each with how many clients and how many requests a second at most, of all of them. */
export type Load = Record<string, { clients: number; perSecond?: number }>;

/** Builds the example app, or a variant of it, and brings it to where it is served. */
export async function deployedExample(name: string, files: Record<string, string> = {}): Promise<Deployment> {
  const variant: AppVariant = { name, next: 16, bundler: 'turbopack', files };
  return deploy(await buildApp(variant));
}

/** Runs the command line from the sources. */
export const cli = (...args: string[]): [program: string, args: string[]] => [
  process.execPath,
  [join(ROOT, 'src', 'cli', 'main.ts'), ...args],
];

/** Serves the app for so long under that load, under `next-profiling run` with this store. Resolves to the number of requests. */
export async function profileExample(
  { server }: Deployment,
  store: string,
  load: Load,
  seconds: number,
  env: Record<string, string> = {},
): Promise<number> {
  const port = await freePort();
  const [program, args] = cli('run', '--store', store, '--maps', MAPS, '--', process.execPath, 'server.js');
  const run = spawn(program, args, {
    cwd: server,
    env: { ...process.env, PORT: String(port), HOSTNAME: '127.0.0.1', SENTRY_DSN: '', NODE_ENV: 'production', ...env },
    stdio: 'ignore',
  });
  const ended = once(run, 'exit');
  const origin = `http://127.0.0.1:${port}`;
  try {
    await answering(`${origin}/api/light`);
    return await underLoad(origin, load, seconds);
  } finally {
    run.kill('SIGTERM');
    await ended;
  }
}

async function underLoad(origin: string, load: Load, seconds: number): Promise<number> {
  const startMs = performance.now();
  let answered = 0;
  const client = async (path: string, everyMs: number): Promise<void> => {
    for (let nextMs = startMs; performance.now() < startMs + seconds * 1e3; nextMs += everyMs) {
      if (nextMs > performance.now()) await setTimeout(nextMs - performance.now());
      const response = await fetch(origin + path, { headers: { connection: 'close' } });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      answered += 1;
    }
  };
  await Promise.all(
    Object.entries(load).flatMap(([path, { clients, perSecond = Number.POSITIVE_INFINITY }]) =>
      Array.from({ length: clients }, () => client(path, (1e3 * clients) / perSecond)),
    ),
  );
  return answered;
}
