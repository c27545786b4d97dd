import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type AppVariant, contentKey, sourcesOf } from './app-variant.ts';
import { CACHE, packPackage } from './package-tarball.ts';
import { step } from './progress.ts';
import { type CommandResult, mustRun, runCommand } from './run-command.ts';

/** A build that succeeded, in the folder that it was made in. */
export interface BuiltApp {
  variant: AppVariant;
  /** The project: sources, `node_modules`, `.next`. Shared by all variants of one Next major. */
  folder: string;
  /** A copy of `.next/standalone` with every link replaced by what it points to. */
  standalone: string;
  /** What `next build` printed. */
  log: string;
}

/** Builds a variant of the example app, unless the same sources and package were built before. */
export async function buildApp(variant: AppVariant): Promise<BuiltApp> {
  const { folder, key } = await prepareApp(variant);
  const kept = join(CACHE, 'deployed', variant.name);
  const app = { variant, folder, standalone: join(kept, 'standalone') };
  if ((await textOf(join(kept, 'key'))) === key)
    return { ...app, log: await readFile(join(kept, 'build.log'), 'utf8') };

  await rm(kept, { recursive: true, force: true });
  await buildInPlace(variant);
  await mkdir(kept, { recursive: true });
  await cp(join(folder, '.next', 'standalone'), app.standalone, { recursive: true, dereference: true });
  await cp(join(folder, '.next', BUILD_LOG), join(kept, 'build.log'));
  await writeFile(join(kept, 'key'), key);
  return { ...app, log: await readFile(join(kept, 'build.log'), 'utf8') };
}

/** Sees to it that `.next` in the shared folder of the variant's Next major is this variant's. Returns the folder. */
export async function buildInPlace(variant: AppVariant): Promise<string> {
  const { folder, key } = await prepareApp(variant);
  const output = join(folder, '.next');
  if ((await textOf(join(output, BUILD_KEY))) === key) return folder;
  const { code, output: log } = await step(`building the example app: ${variant.name}`, () =>
    nextBuild(variant, folder),
  );
  if (code !== 0) throw new Error(`next build of ${variant.name} ended with ${code}:\n${log}`);
  await writeFile(join(output, BUILD_LOG), log);
  await cp(join(folder, '.next-profiling', 'maps'), MAPS, { recursive: true, force: false }).catch(() => {});
  await writeFile(join(output, BUILD_KEY), key);
  return folder;
}

/** The source maps that builds have kept, out of the way of tests that do without the project. */
export const MAPS = join(CACHE, 'maps');

/** In `.next`, which Next empties before it builds. */
const BUILD_LOG = 'e2e-build.log';
const BUILD_KEY = 'e2e-build.key';

const textOf = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);

/** `next build` in a prepared folder. */
export function nextBuild(variant: AppVariant, folder: string): Promise<CommandResult> {
  return runCommand(process.execPath, [nextCli(folder), 'build', ...bundlerFlag(variant)], { cwd: folder, env: CLEAN });
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

/** Writes the variant's sources into the folder of its Next major and installs what they ask for. */
export async function prepareApp(variant: AppVariant): Promise<{ folder: string; key: string }> {
  const tarball = await packPackage();
  const sources = await sourcesOf(variant, tarball.file);
  const folder = join(CACHE, 'apps', `next-${variant.next}`);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (!['node_modules', 'package-lock.json', '.next', '.next-profiling', '.installed'].includes(name)) {
      await rm(join(folder, name), { recursive: true });
    }
  }
  for (const [path, text] of Object.entries(sources)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await install(folder, sources['package.json'] ?? '', variant.next);
  return { folder, key: contentKey(variant, sources) };
}

async function install(folder: string, manifest: string, next: number): Promise<void> {
  const stamp = join(folder, '.installed');
  if ((await textOf(stamp)) === manifest) return;
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await step(`installing the example app with Next ${next}`, () => mustRun('npm', args, { cwd: folder }));
  await writeFile(stamp, manifest);
}
