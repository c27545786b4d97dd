import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AppVariant } from './app-variant.ts';
import { CACHE } from './package-tarball.ts';
import { step } from './progress.ts';
import { mustRun } from './run-command.ts';

/** Where the sources of an app go, and what is to be done there so that it can be built. */
export interface AppFolder {
  /** All that belongs to the app, dependencies too: its folder, or the workspace that it is part of. */
  root: string;
  folder: string;
  install(manifest: string): Promise<void>;
}

/** The folder of a variant: shared by all with the same dependencies, so that they are installed once. */
export function appFolder({ next, inWorkspace }: AppVariant): AppFolder {
  const root = join(CACHE, inWorkspace ? 'workspaces' : 'apps', `next-${next}`);
  const folder = inWorkspace ? join(root, 'apps', 'group', 'web') : root;
  return {
    root,
    folder,
    install: (manifest) => (inWorkspace ? installWorkspace(root, folder, manifest) : installApp(folder, manifest)),
  };
}

function installApp(folder: string, manifest: string): Promise<void> {
  return once(folder, manifest, () =>
    step(`installing the app in ${folder}`, () => mustRun('npm', ['install', ...NPM_FLAGS], { cwd: folder })),
  );
}

const NPM_FLAGS = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

const PNPM = 'pnpm@10.34.8';

const WORKSPACE = {
  'package.json': JSON.stringify({ name: 'workspace', private: true }),
  'pnpm-workspace.yaml': `packages:
  - apps/*/*
nodeLinker: isolated
ignoreScripts: true
`,
};

async function installWorkspace(root: string, folder: string, manifest: string): Promise<void> {
  const pnpm = await pnpmScript();
  for (const [path, text] of Object.entries(WORKSPACE)) await writeFile(join(root, path), text);
  await once(folder, manifest, () =>
    step(`installing the workspace in ${root}`, () =>
      mustRun(process.execPath, [pnpm, 'install', '--prefer-offline', '--no-frozen-lockfile'], { cwd: root }),
    ),
  );
}

/** pnpm as a tool of its own, so that it needs not be on the machine. */
async function pnpmScript(): Promise<string> {
  const folder = join(CACHE, 'tools', PNPM);
  const script = join(folder, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
  if (!existsSync(script)) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{}');
    await step(`installing ${PNPM}`, () => mustRun('npm', ['install', ...NPM_FLAGS, PNPM], { cwd: folder }));
  }
  return script;
}

/** Installs unless what is there was installed for the same dependencies. */
async function once(folder: string, manifest: string, install: () => Promise<unknown>): Promise<void> {
  const { dependencies, devDependencies } = JSON.parse(manifest);
  const wanted = JSON.stringify({ dependencies, devDependencies });
  const stamp = join(folder, '.installed');
  if ((await readFile(stamp, 'utf8').catch(() => undefined)) === wanted) return;
  await install();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, wanted);
}
