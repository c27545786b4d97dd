import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { distDirOf } from './app-variant.ts';
import type { BuiltApp } from './build-app.ts';
import { mustRun } from './run-command.ts';
import { serverFolder } from './server-folder.ts';

/** Brings a standalone output from where it was built to a folder that is not there yet. */
export type Carry = (app: BuiltApp, to: string) => Promise<void>;

/** The ways that people have of getting it to their servers, all but the first of which lose or replace its links. */
export const CARRIED = {
  'cp -a': async ({ standalone }, to) => {
    await mustRun('cp', ['-a', standalone, to], { cwd: '/' });
  },
  'cp -rL': async ({ standalone }, to) => {
    await mustRun('cp', ['-rL', standalone, to], { cwd: '/' });
  },
  'tar without links': ({ standalone }, to) =>
    packed(standalone, to, async (list, archive) => {
      await mustRun('tar', ['-cf', archive, '-T', list], { cwd: standalone });
      await mustRun('tar', ['-xf', archive], { cwd: to });
    }),
  'zip without links': ({ standalone }, to) =>
    packed(standalone, to, async (list, archive) => {
      await mustRun('sh', ['-c', 'zip -qy1 "$1" -@ < "$2"', 'zip', archive, list], { cwd: standalone });
      await mustRun('unzip', ['-q', archive], { cwd: to });
    }),
  // https://github.com/vercel/next.js/blob/canary/examples/with-docker/Dockerfile: `.next/standalone`, `.next/static`
  // and `public`, each copied into an empty image as a user of its own.
  'two-stage copy': async (app, to) => {
    await cp(app.standalone, to, { recursive: true, verbatimSymlinks: true });
    const server = relative(to, await serverFolder(to));
    await cp(app.static, join(to, server, distDirOf(app.variant), 'static'), { recursive: true });
    await mkdir(join(to, server, 'public'), { recursive: true });
  },
} as const satisfies Record<string, Carry>;

export type CarriedBy = keyof typeof CARRIED;

/** Packs and unpacks the regular files, whose paths are in `list`. */
async function packed(
  standalone: string,
  to: string,
  pack: (list: string, archive: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'next-profiling-archive-'));
  try {
    const [list, archive] = [join(folder, 'files'), join(folder, 'output.zip')];
    await writeFile(list, await mustRun('find', ['.', '-type', 'f'], { cwd: standalone }));
    await mkdir(to, { recursive: true });
    await pack(list, archive);
  } finally {
    await rm(folder, { recursive: true });
  }
}
