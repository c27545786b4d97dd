import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BuiltApp } from './build-app.ts';
import { CARRIED, type Carry } from './carry.ts';
import { serverFolder } from './server-folder.ts';

/** A standalone output far from where it was built. */
export interface Deployment {
  /** Everything that was copied. */
  folder: string;
  /** The folder of `server.js`. Nested where Next took a folder above the app for its root, as in a monorepo. */
  server: string;
  remove(): Promise<void>;
}

/** Brings the standalone output to a path of another depth, outside of this repository. */
export async function deploy(app: BuiltApp, carry: Carry = CARRIED['cp -rL']): Promise<Deployment> {
  const top = await mkdtemp(join(tmpdir(), 'next-profiling-'));
  // As others' folders are: readable by whoever runs the server.
  await chmod(top, 0o755);
  const folder = join(top, 'srv', 'apps', 'a', 'b', 'example');
  await mkdir(dirname(folder), { recursive: true });
  await carry(app, folder);
  return { folder, server: await serverFolder(folder), remove: () => rm(top, { recursive: true, force: true }) };
}

/** Runs something while the app's folder, with all that it was built from, is gone. */
export async function withoutSources<T>({ root }: BuiltApp, run: () => Promise<T>): Promise<T> {
  const away = `${root}.gone`;
  await rename(root, away);
  try {
    return await run();
  } finally {
    await rename(away, root);
  }
}

/** Files under `folder` whose path ends so. Paths are relative to it. */
export async function filesEnding(folder: string, end: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(end)).sort();
}
