import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { binaryName } from '../native/binary.ts';
import { hasBinary } from '../native/target.ts';
import { noEngineFile, noPrebuild } from '../src/errors.ts';
import { PACKAGE } from './package-folder.ts';

/** The folder in a build's output that the door looks for. */
export const OUTPUT_FOLDER = 'next-profiling';
/** In it: the debug ids of the output's scripts, which the engine reads. */
export const DEBUG_IDS = 'debug-ids.json';

/** What was put beside the server output. */
export interface Delivery {
  /** Absolute paths. */
  files: string[];
  bytes: number;
}

/**
 * Puts the engine and exactly one binary per target that has one into `<distDir>/next-profiling`. Checks before it
 * writes, and empties the folder first: a binary of an earlier build must not ship.
 */
export async function copyEngine(
  distDir: string,
  targets: readonly string[],
  packageFolder = PACKAGE,
): Promise<Delivery> {
  const engine = join(packageFolder, 'dist', 'engine.cjs');
  if (!(await isFile(engine))) throw noEngineFile(engine);
  const prebuilds = join(packageFolder, 'prebuilds');
  const withBinary = targets.filter(hasBinary);
  for (const target of withBinary) {
    if (!(await isFile(join(prebuilds, binaryName(target))))) {
      throw noPrebuild(target, prebuilds, await targetsIn(prebuilds));
    }
  }

  const output = join(distDir, OUTPUT_FOLDER);
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  const delivery: Delivery = { files: [], bytes: 0 };
  for (const source of [engine, ...withBinary.map((target) => join(prebuilds, binaryName(target)))]) {
    const file = join(output, source === engine ? 'engine.cjs' : source.slice(prebuilds.length + 1));
    await copyFile(source, file);
    delivery.files.push(file);
    // Next 15 compiles the plugin for ES5, and its compiler loses a sum that is taken across an await.
    const { size } = await stat(file);
    delivery.bytes += size;
  }
  return delivery;
}

async function targetsIn(prebuilds: string): Promise<string[]> {
  const names = await readdir(prebuilds).catch(() => []);
  return names.flatMap((name) => name.match(/^next-profiling-(.+)\.node$/)?.[1] ?? []).sort();
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
