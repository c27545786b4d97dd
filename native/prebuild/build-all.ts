/**
 * Developer script: builds the addon for every target, or for those that are named, into `prebuilds/`, on any machine
 * that zig runs on. The same sources give the same bytes, so what is cached by content need not be built again.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { binaryName } from '../binary.ts';
import { parseTarget } from '../target.ts';
import { buildTarget, cachedBinary } from './build-target.ts';
import { MOST_BYTES_TOGETHER, problemsOf } from './check-prebuild.ts';
import { PREBUILT_TARGETS } from './recipe.ts';
import { installZig } from './zig.ts';

const root = join(import.meta.dirname, '..', '..');
const report = (line: string): void => console.log(`prebuild: ${line}`);

const named = process.argv.slice(2).map(parseTarget);
const targets = named.length > 0 ? named : PREBUILT_TARGETS;
mkdirSync(join(root, 'prebuilds'), { recursive: true });
let together = 0;
for (const [index, target] of targets.entries()) {
  const count = `${index + 1}/${targets.length}`;
  const cached = cachedBinary(target);
  const isCached = existsSync(cached);
  if (!isCached) {
    report(`${count} building ${target}`);
    mkdirSync(dirname(cached), { recursive: true });
    buildTarget(installZig(report), target, cached);
  }
  const bytes = readFileSync(cached);
  const problems = problemsOf(bytes, target);
  if (problems.length > 0) throw new Error(`${target}: ${problems.join('; ')}`);
  // Never written over: a process that has it loaded would die.
  const output = join(root, 'prebuilds', binaryName(target));
  copyFileSync(cached, `${output}.partial`);
  renameSync(`${output}.partial`, output);
  together += bytes.length;
  const sha256 = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  report(`${count} ${target}: ${bytes.length} bytes, sha256 ${sha256}${isCached ? ', cached' : ''}`);
}
if (together > MOST_BYTES_TOGETHER) throw new Error(`${together} bytes together, more than ${MOST_BYTES_TOGETHER}`);
report(`${targets.length} binaries, ${together} bytes`);
