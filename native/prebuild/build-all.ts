/**
 * Developer script: builds the addon for every target, or for those that are named, into `prebuilds/`, on any machine
 * that zig runs on. The same sources give the same bytes, so what is cached by content need not be built again.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { binaryName } from '../binary.ts';
import { parseTarget, type Target } from '../target.ts';
import { problemsOf } from './check-prebuild.ts';
import { linkCommand, RUNTIME_SOURCES, runtimeFlags, SOURCES, sourceFlags, ZIG_TARGETS } from './recipe.ts';
import { installZig, runZig, type Zig, ZIG_VERSION } from './zig.ts';

const MOST_BYTES_TOGETHER = 1.2 * 1024 * 1024;

const require = createRequire(import.meta.url);
const native = join(import.meta.dirname, '..');
const root = join(native, '..');
const cache = join(root, '.cache', 'prebuilds');
const headers: string[] = [
  require('node-addon-api').include_dir.replace(/^"|"$/g, ''),
  require('node-api-headers').include_dir,
].map((folder) => join(root, folder.startsWith(root) ? folder.slice(root.length) : folder));

/** What the bytes of a binary depend on. */
function hashOf(target: Target): string {
  const hash = createHash('sha256').update(`${target} ${ZIG_VERSION}`);
  const folders: [string, RegExp][] = [
    [native, /\.(cc|h|gyp)$/],
    [import.meta.dirname, /^(recipe\.ts|exports\.map)$/],
    ...headers.map((folder): [string, RegExp] => [folder, /\.h$/]),
  ];
  for (const [folder, pattern] of folders) {
    for (const file of readdirSync(folder).filter((name) => pattern.test(name)).sort()) {
      hash.update(file).update(readFileSync(join(folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function build(zig: Zig, target: Target, output: string): void {
  // The name and the folder of the output get into a Mach-O file, so both are the same on every machine.
  const folder = mkdtempSync(join(tmpdir(), 'next-profiling-prebuild-'));
  try {
    const objects: string[] = [];
    const compile = (source: string, flags: readonly string[]): void => {
      const object = `${basename(source)}.o`;
      const maps = [`-ffile-prefix-map=${root}=.`, `-ffile-prefix-map=${zig.library}=zig`];
      const triple = ['-target', ZIG_TARGETS[target] ?? ''];
      runZig(zig, ['c++', ...triple, ...flags, ...maps, '-c', source, '-o', object], folder);
      objects.push(object);
    };
    for (const source of SOURCES) compile(join(native, source), sourceFlags(headers));
    for (const source of RUNTIME_SOURCES) compile(join(zig.library, source), runtimeFlags(zig.library));
    runZig(zig, linkCommand(target, objects, 'next_profiling.node'), folder);
    copyFileSync(join(folder, 'next_profiling.node'), `${output}.partial`);
    renameSync(`${output}.partial`, output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const report = (line: string): void => console.log(`prebuild: ${line}`);
const zig = installZig(report);
mkdirSync(cache, { recursive: true });
mkdirSync(join(root, 'prebuilds'), { recursive: true });
const named = process.argv.slice(2).map(parseTarget);
const targets = named.length > 0 ? named : (Object.keys(ZIG_TARGETS) as Target[]);
let together = 0;
for (const [index, target] of targets.entries()) {
  const count = `${index + 1}/${targets.length}`;
  const cached = join(cache, `${hashOf(target)}.node`);
  const isCached = existsSync(cached);
  if (!isCached) {
    report(`${count} building ${target}`);
    build(zig, target, cached);
  }
  const bytes = readFileSync(cached);
  const problems = problemsOf(bytes, target);
  if (problems.length > 0) throw new Error(`${target}: ${problems.join('; ')}`);
  copyFileSync(cached, join(root, 'prebuilds', binaryName(target)));
  together += bytes.length;
  const sha256 = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  report(`${count} ${target}: ${bytes.length} bytes, sha256 ${sha256}${isCached ? ', cached' : ''}`);
}
if (together > MOST_BYTES_TOGETHER) throw new Error(`${together} bytes together, more than ${MOST_BYTES_TOGETHER}`);
report(`${targets.length} binaries, ${together} bytes`);
