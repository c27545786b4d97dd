import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from './run-command.ts';

export const ROOT = join(import.meta.dirname, '..');
export const CACHE = join(ROOT, '.cache');

export interface Tarball {
  file: string;
  /** Of the content: equal for two packs of the same build. */
  hash: string;
}

let packed: Promise<Tarball> | undefined;

/** The built package as npm would publish it. Its name carries the hash, since npm caches tarballs by name. */
export function packPackage(): Promise<Tarball> {
  packed ??= pack();
  return packed;
}

async function pack(): Promise<Tarball> {
  if (!existsSync(join(ROOT, 'dist', 'plugin.js')))
    throw new Error('dist/plugin.js is missing: run `npm run setup` first');
  const folder = join(CACHE, 'package');
  await mkdir(folder, { recursive: true });
  const output = await mustRun('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { cwd: ROOT });
  const file = join(folder, tarballName(JSON.parse(output)));
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 12);
  const named = file.replace(/\.tgz$/, `-${hash}.tgz`);
  await rm(named, { force: true });
  await rename(file, named);
  return { file: named, hash };
}

function tarballName([result]: { filename: string }[]): string {
  if (!result) throw new Error('npm pack named no file');
  return result.filename;
}
