import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Brings a package of the npm registry, unless it is there, without its dependencies and without running its scripts. */
export function fetchPackage(name: string, folder: string, report: (line: string) => void): void {
  if (existsSync(folder)) return;
  report(`fetching ${name}`);
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  execFileSync('npm', ['pack', name, '--silent', '--pack-destination', partial], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [tarball] = readdirSync(partial);
  if (tarball === undefined) throw new Error(`npm pack ${name} left no file`);
  execFileSync('tar', ['xzf', join(partial, tarball), '-C', partial]);
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(join(partial, 'package'), folder);
  rmSync(partial, { recursive: true });
}
