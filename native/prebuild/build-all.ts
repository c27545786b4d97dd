/**
 * Developer script: builds the addon for every target, or for those that are named, into `prebuilds/`, on any machine
 * that zig runs on. The same sources give the same bytes, so what is cached by content need not be built again.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { binaryName } from '../binary.ts';
import { parseTarget, type Target } from '../target.ts';
import { buildTarget, cachedBinary } from './build-target.ts';
import { MOST_BYTES_TOGETHER, problemsOf } from './check-prebuild.ts';
import { PREBUILT_TARGETS } from './recipe.ts';
import { installZig, type Zig } from './zig.ts';

const root = join(import.meta.dirname, '..', '..');
const report = (line: string): void => console.log(`prebuild: ${line}`);

const named = process.argv.slice(2).map(parseTarget);
const targets = named.length > 0 ? named : PREBUILT_TARGETS;
const missing = targets.filter((target) => !existsSync(cachedBinary(target)));
if (missing.length > 0) await buildAll([...missing], installZig(report));

mkdirSync(join(root, 'prebuilds'), { recursive: true });
let together = 0;
for (const target of targets) {
  const cached = cachedBinary(target);
  const bytes = readFileSync(cached);
  const problems = problemsOf(bytes, target);
  if (problems.length > 0) throw new Error(`${target}: ${problems.join('; ')}`);
  // Never written over: a process that has it loaded would die.
  const output = join(root, 'prebuilds', binaryName(target));
  copyFileSync(cached, `${output}.partial`);
  renameSync(`${output}.partial`, output);
  together += bytes.length;
  const sha256 = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  report(`${target}: ${bytes.length} bytes, sha256 ${sha256}${missing.includes(target) ? '' : ', cached'}`);
}
if (together > MOST_BYTES_TOGETHER) throw new Error(`${together} bytes together, more than ${MOST_BYTES_TOGETHER}`);
report(`${targets.length} binaries, ${together} bytes`);

/** As many side by side as there are cores: the compiler uses one. */
async function buildAll(queue: Target[], zig: Zig): Promise<void> {
  const builder = async (): Promise<void> => {
    for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
      report(`building ${target}, ${queue.length} more to go`);
      const output = cachedBinary(target);
      mkdirSync(dirname(output), { recursive: true });
      await buildTarget(zig, target, output);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, builder));
}
