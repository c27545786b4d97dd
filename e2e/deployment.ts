import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BuiltApp } from './build-app.ts';

/** A standalone output far from where it was built. */
export interface Deployment {
  /** Everything that was copied. */
  folder: string;
  /** The folder of `server.js`. Nested where Next took a folder above the app for its root, as in a monorepo. */
  server: string;
  remove(): Promise<void>;
}

/** Copies the standalone output with `cp -rL` to a path of another depth, outside of this repository. */
export async function deploy({ standalone }: BuiltApp): Promise<Deployment> {
  const top = await mkdtemp(join(tmpdir(), 'next-profiling-'));
  const folder = join(top, 'srv', 'apps', 'a', 'b', 'example');
  await mkdir(dirname(folder), { recursive: true });
  await promisify(execFile)('cp', ['-rL', standalone, folder]);
  return { folder, server: await serverFolder(folder), remove: () => rm(top, { recursive: true, force: true }) };
}

/** Runs something while the folder that the app was built in is gone. */
export async function withoutSources<T>({ folder }: BuiltApp, run: () => Promise<T>): Promise<T> {
  const away = `${folder}.gone`;
  await rename(folder, away);
  try {
    return await run();
  } finally {
    await rename(away, folder);
  }
}

/** Files under `folder` whose path ends so. Paths are relative to it. */
export async function filesEnding(folder: string, end: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(end)).sort();
}

async function serverFolder(folder: string): Promise<string> {
  const [server] = (await filesEnding(folder, 'server.js')).filter(
    (path) => /(^|\/)server\.js$/.test(path) && !path.includes('node_modules'),
  );
  if (server === undefined) throw new Error(`no server.js under ${folder}`);
  return join(folder, dirname(server));
}
