/**
 * Developer script: builds the addon for this machine into `prebuilds/`, unless it is there and newer than its
 * sources. One file serves every Node version, so which Node's headers it is built with does not matter.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { binaryName } from './binary.ts';
import { hostTarget } from './target.ts';

const folder = import.meta.dirname;
const require = createRequire(import.meta.url);
const output = join(folder, '..', 'prebuilds', binaryName(hostTarget()));

const sources = readdirSync(folder).filter((file) => /\.(cc|h|gyp)$/.test(file));
const newest = Math.max(...sources.map((file) => statSync(join(folder, file)).mtimeMs));
if (existsSync(output) && statSync(output).mtimeMs > newest) {
  console.log(`native: ${binaryName(hostTarget())} is up to date`);
} else {
  console.log(`native: building ${binaryName(hostTarget())}`);
  const gyp = require.resolve('node-gyp/bin/node-gyp.js');
  const args = [gyp, 'rebuild', '--directory', folder, '--loglevel', 'warn'];
  // npm's `nodedir` setting reaches node-gyp through the environment; without it node-gyp fetches headers.
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  mkdirSync(dirname(output), { recursive: true });
  copyFileSync(join(folder, 'build', 'Release', 'next_profiling.node'), output);
  console.log(`native: ${binaryName(hostTarget())}, ${statSync(output).size} bytes`);
}
