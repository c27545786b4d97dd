import { join } from 'node:path';
import { fetchPackage } from './fetch-package.ts';

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
    fetchPackage(`node-${process.platform}-${process.arch}@${version}`, join(CACHE, version), report);
  }
}
