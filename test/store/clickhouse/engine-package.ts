import { join } from 'node:path';
import { fetchPackage } from '../../fetch-package.ts';

/** ClickHouse's own engine as a library, 26.7: too large (half a gigabyte) for a dependency of everyone who works on this. */
const VERSIONS = { chdb: '3.4.0', engine: '26.7.3-stable.1' };

const MODULES = join(import.meta.dirname, '..', '..', '..', '.cache', 'chdb', VERSIONS.chdb, 'node_modules');

const ENGINES: Readonly<Record<string, string>> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
};

const engine = ENGINES[`${process.platform}-${process.arch}`];

/** There is none for musl and for Windows. */
export const hasEngine = engine !== undefined && (process.platform !== 'linux' || isGlibc());

/** Its folder, fetched from the npm registry if it is not cached. */
export function enginePackage(): string {
  if (engine === undefined) throw new Error(`there is no chdb for ${process.platform}-${process.arch}`);
  const folder = join(MODULES, 'chdb');
  fetchPackage(`${engine}@${VERSIONS.engine}`, join(MODULES, engine), console.log);
  fetchPackage(`chdb@${VERSIONS.chdb}`, folder, console.log);
  return folder;
}

function isGlibc(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime !== undefined;
}
