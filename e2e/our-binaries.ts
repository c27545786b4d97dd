import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import { binaryName } from '../native/binary.ts';
import { filesEnding } from './deployment.ts';
import { ROOT } from './package-tarball.ts';

/** The binary of a target in this checkout, or, as long as none is built here, a file that stands for it. */
async function binaryOf(target: string): Promise<Buffer> {
  const file = join(ROOT, 'prebuilds', binaryName(target));
  return existsSync(file) ? readFile(file) : Buffer.from(`stands for the binary of ${target}\n`);
}

/** Gives the package that an app has installed the binaries that it lacks. */
export async function addBinaries(appFolder: string, targets: readonly string[]): Promise<void> {
  for (const target of targets) {
    const file = join(appFolder, 'node_modules', 'next-profiling', 'prebuilds', binaryName(target));
    if (!existsSync(file)) await writeFile(file, await binaryOf(target));
  }
}

/** An output holds the binaries of these targets, whole, beside its one engine, and no other of ours anywhere. */
export async function expectOnlyBinaries(output: string, targets: readonly string[]): Promise<void> {
  const ours = (await filesEnding(output, '.node')).filter((path) => basename(path).startsWith('next-profiling-'));
  expect(ours.map((path) => basename(path)).sort()).toEqual(targets.map(binaryName).sort());
  const [folder] = ours.map((path) => dirname(path));
  expect(ours.map((path) => dirname(path))).toEqual(targets.map(() => folder));
  for (const target of targets) {
    const path = ours.find((name) => name.endsWith(binaryName(target))) ?? '';
    expect((await readFile(join(output, path))).equals(await binaryOf(target)), path).toBe(true);
  }
  expect(await filesEnding(output, 'engine.cjs')).toEqual([join(folder ?? '', 'engine.cjs')]);
}
