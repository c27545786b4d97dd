import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AppVariant, contentKey, distDirOf, sourcesOf } from './app-variant.ts';
import { appFolder } from './install-app.ts';
import { CACHE, packPackage } from './package-tarball.ts';
import { step } from './progress.ts';
import { type CommandResult, runCommand } from './run-command.ts';

/** A build that succeeded, in the folder that it was made in. */
export interface BuiltApp {
  variant: AppVariant;
  /** The project: sources, `node_modules`, output. Shared by all variants with the same dependencies. */
  folder: string;
  /** The project, or the workspace that it is part of. */
  root: string;
  /** A copy of the standalone output, its links as Next made them. */
  standalone: string;
  /** A copy of what browsers get, which is not part of the standalone output. */
  static: string;
  /** What `next build` printed. */
  log: string;
}

/** Builds a variant of the example app and keeps the output, unless the same sources and package were built before. */
export async function buildApp(variant: AppVariant): Promise<BuiltApp> {
  const { folder, root, key } = await prepareApp(variant);
  const kept = keptOutput(variant);
  if ((await textOf(join(kept, BUILD_KEY))) !== key) {
    await buildInPlace(variant);
    const partial = `${kept}.partial`;
    await copyOutput(join(folder, distDirOf(variant)), partial);
    await rm(kept, { recursive: true, force: true });
    await rename(partial, kept);
  }
  const log = await readFile(join(kept, BUILD_LOG), 'utf8');
  return { variant, folder, root, standalone: join(kept, 'standalone'), static: join(kept, 'static'), log };
}

/** Sees to it that the output in the variant's shared folder is this variant's. Returns the folder. */
export async function buildInPlace(variant: AppVariant): Promise<string> {
  const { folder, key } = await prepareApp(variant);
  const output = join(folder, distDirOf(variant));
  const kept = keptOutput(variant);
  if ((await textOf(join(output, BUILD_KEY))) === key) return folder;
  if ((await textOf(join(kept, BUILD_KEY))) === key) {
    await copyOutput(kept, output);
    return folder;
  }
  const { code, output: log } = await step(`building the example app: ${variant.name}`, () =>
    nextBuild(variant, folder),
  );
  if (code !== 0) throw new Error(`next build of ${variant.name} ended with ${code}:\n${log}`);
  await writeFile(join(output, BUILD_LOG), log);
  await cp(join(folder, '.next-profiling', 'maps'), MAPS, { recursive: true }).catch(() => {});
  await writeFile(join(output, BUILD_KEY), key);
  return folder;
}

const keptOutput = ({ name }: AppVariant): string => join(CACHE, 'deployed', name);

/** Takes the place of another output, whose cache stays: builds go on with it. */
async function copyOutput(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(to)) if (name !== 'cache') await rm(join(to, name), { recursive: true });
  // The key last: it says that all is there.
  const names = (await readdir(from)).filter((name) => name !== 'cache' && name !== BUILD_KEY);
  for (const name of [...names, BUILD_KEY]) {
    await cp(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
  }
}

/** The source maps that builds have kept, out of the way of tests that do without the project. */
export const MAPS = join(CACHE, 'maps');

/** In the output, which Next empties before it builds. */
const BUILD_LOG = 'e2e-build.log';
const BUILD_KEY = 'e2e-build.key';

const textOf = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);

/** `next build` in a prepared folder. */
export function nextBuild(variant: AppVariant, folder: string): Promise<CommandResult> {
  const where = variant.builtFromElsewhere ? { args: [folder], cwd: tmpdir() } : { args: [], cwd: folder };
  const args = [nextCli(folder), 'build', ...where.args, ...bundlerFlag(variant)];
  return runCommand(process.execPath, args, { cwd: where.cwd, env: CLEAN });
}

export const nextCli = (folder: string): string => join(folder, 'node_modules/next/dist/bin/next');

/** Turbopack is Next 16's default, webpack is Next 15's. */
export function bundlerFlag({ bundler, next }: AppVariant): string[] {
  return bundler === (next === 16 ? 'turbopack' : 'webpack') ? [] : [`--${bundler}`];
}

/** No telemetry, and nothing that the test runner set for itself. */
export const CLEAN: Record<string, string | undefined> = {
  NEXT_TELEMETRY_DISABLED: '1',
  NODE_ENV: undefined,
  NODE_OPTIONS: undefined,
  FORCE_COLOR: '0',
};

/** Writes the variant's sources into its folder and installs what they ask for. */
export async function prepareApp(variant: AppVariant): Promise<{ folder: string; root: string; key: string }> {
  const tarball = await packPackage();
  const sources = await sourcesOf(variant, tarball.file);
  const { folder, root, install } = appFolder(variant);
  await mkdir(folder, { recursive: true });
  const [output = ''] = distDirOf(variant).split('/');
  for (const name of await readdir(folder)) {
    if (!['node_modules', 'package-lock.json', '.next', '.next-profiling', '.installed', output].includes(name)) {
      await rm(join(folder, name), { recursive: true });
    }
  }
  // `next build` checks the types of routes that `next dev` found there, too.
  await rm(join(folder, '.next', 'dev'), { recursive: true, force: true });
  for (const [path, text] of Object.entries(sources)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await install(sources['package.json'] ?? '');
  return { folder, root, key: contentKey(variant, sources) };
}
