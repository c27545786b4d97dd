import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileFor } from './file-for.ts';
import { type Build, readBuild } from './find-build.ts';

/** How the build is served: `node` with these arguments, in this folder. */
export interface ServerCommand {
  readonly kind: 'standalone' | 'next start';
  readonly cwd: string;
  readonly args: (port: number) => readonly string[];
  /** The build that the server serves from: for a standalone output its own copy. */
  readonly build: Build;
}

/** What a standalone `server.js` holds and a user's own does not. */
const STANDALONE_MARK = '__NEXT_PRIVATE_STANDALONE_CONFIG';

/** How to start what was built, or the code of why it cannot be. */
export function serverOf(build: Build): ServerCommand | 'static-export' | 'standalone-missing' | 'next-missing' {
  if (build.output === 'export') return 'static-export';
  if (isStandalone(build.folder)) return standalone(build);
  if (build.output === 'standalone') {
    const folder = join(build.distDir, 'standalone', build.relativeAppDir);
    const copy = readBuild(join(folder, build.distDir.slice(build.folder.length)));
    return isStandalone(folder) && copy !== undefined ? standalone(copy) : 'standalone-missing';
  }
  const next = fileFor(join(build.folder, 'noop.js'), 'next/dist/bin/next');
  if (next === null) return 'next-missing';
  const args = (port: number) => [next, 'start', '--port', String(port), '--hostname', '127.0.0.1'];
  return { kind: 'next start', cwd: build.folder, args, build };
}

function standalone(build: Build): ServerCommand {
  return { kind: 'standalone', cwd: build.folder, args: () => ['server.js'], build };
}

function isStandalone(folder: string): boolean {
  const server = join(folder, 'server.js');
  return existsSync(server) && readFileSync(server, 'utf8').includes(STANDALONE_MARK);
}
