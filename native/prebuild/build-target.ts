import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Target } from '../target.ts';
import { isPe, withoutLinkTime } from './pe-file.ts';
import {
  importCommand,
  linkCommand,
  RUNTIME_SOURCES,
  runtimeFlags,
  sourceFlags,
  sourcesOf,
  ZIG_TARGETS,
} from './recipe.ts';
import { runZig, ZIG_VERSION, type Zig } from './zig.ts';

const require = createRequire(import.meta.url);
const native = join(import.meta.dirname, '..');
const root = join(native, '..');
/** Node-API's own: none of V8, so no Node version is built for. */
const headers: string[] = [
  join(require.resolve('node-addon-api'), '..'),
  join(require.resolve('node-api-headers'), '..', 'include'),
];

/** The functions that a Node for Windows exports. */
const nodeApi = join(require.resolve('node-api-headers'), '..', 'def', 'node_api.def');

/** Where the binary of the present sources is kept, once it is built. */
export function cachedBinary(target: Target): string {
  return join(root, '.cache', 'prebuilds', `${hashOf(target)}.node`);
}

/** What the bytes of a binary depend on. */
function hashOf(target: Target): string {
  const hash = createHash('sha256').update(`${target} ${ZIG_VERSION}`);
  const folders: [string, RegExp][] = [
    [native, /\.(cc|h|gyp)$/],
    [import.meta.dirname, /^(recipe\.ts|build-target\.ts|pe-file\.ts|exports\.map)$/],
    [dirname(nodeApi), /\.def$/],
    ...headers.map((folder): [string, RegExp] => [folder, /\.h$/]),
  ];
  for (const [folder, pattern] of folders) {
    for (const file of readdirSync(folder)
      .filter((name) => pattern.test(name))
      .sort()) {
      hash.update(file).update(readFileSync(join(folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Compiles and links. Neither the time nor a folder of this machine gets into the file. */
export async function buildTarget(zig: Zig, target: Target, output: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'next-profiling-prebuild-'));
  const objects: string[] = [];
  const compile = async (source: string, flags: readonly string[]): Promise<void> => {
    const object = `${basename(source)}.o`;
    const maps = [root, zig.library, ...headers].map((path) => `-ffile-prefix-map=${path}=.`);
    await runZig(zig, ['c++', '-target', ZIG_TARGETS[target], ...flags, ...maps, '-c', source, '-o', object], folder);
    objects.push(object);
  };
  try {
    for (const source of sourcesOf(target)) await compile(join(native, source), sourceFlags(headers));
    for (const source of RUNTIME_SOURCES) await compile(join(zig.library, source), runtimeFlags(zig.library));
    const imports = importCommand(target, nodeApi, 'node.lib');
    if (imports !== null) {
      await runZig(zig, imports, folder);
      objects.push('node.lib');
    }
    // A Mach-O file holds its name, so that is the same on every machine, too.
    await runZig(zig, linkCommand(target, objects, 'next_profiling.node'), folder);
    const bytes = readFileSync(join(folder, 'next_profiling.node'));
    writeFileSync(`${output}.partial`, isPe(bytes) ? withoutLinkTime(bytes) : bytes, { mode: 0o755 });
    renameSync(`${output}.partial`, output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
