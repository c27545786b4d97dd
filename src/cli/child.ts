import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { cannotStart, noCommand } from '../errors.ts';
import { packageBinary } from './package-binary.ts';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command to its end, with the terminal as its own, and resolves to its exit code as a shell would give it.
 * `next` and the like are found in `node_modules/.bin` of this folder and those above it, and without that folder
 * through the package of that name. Rejects with `NP_COMMAND` if it cannot be started.
 */
export async function runChild(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = await start(command, args, { stdio: 'inherit', env: withLocalBinaries(env) });
  const forward = (signal: NodeJS.Signals) => {
    // A terminal's Ctrl-C goes to the child as well; twice would make it give up its graceful end.
    if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    return await new Promise<number>((resolve) => {
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}

async function start(command: string, args: readonly string[], options: SpawnOptions): Promise<ChildProcess> {
  try {
    return await spawned(command, args, options);
  } catch (error) {
    const notFound = (error as NodeJS.ErrnoException).code === 'ENOENT' && !/[\\/]/.test(command);
    if (!notFound) throw cannotStart(command, error);
    const folder = process.cwd();
    const script = packageBinary(command, folder);
    if (script !== undefined) return spawned(process.execPath, [script, ...args], options);
    if (process.platform !== 'win32') throw noCommand(command, folder);
    // `pnpm` and the like are batch files there, which only a shell can start. It says itself what it does not find.
    return spawned([command, ...args].map(quotedForCmd).join(' '), [], { ...options, shell: true });
  }
}

/** As one word of a command line of Windows. */
export function quotedForCmd(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `"${word.replaceAll('"', '""')}"`;
}

/** Resolves once it runs. */
function spawned(file: string, args: readonly string[], options: SpawnOptions): Promise<ChildProcess> {
  const child = spawn(file, args, options);
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child));
    child.once('error', reject);
  });
}

function withLocalBinaries(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...env, [name]: [...localBinaries(process.cwd()), env[name] ?? ''].join(delimiter) };
}

function localBinaries(folder: string): string[] {
  const parent = dirname(folder);
  return [join(folder, 'node_modules', '.bin'), ...(parent === folder ? [] : localBinaries(parent))];
}
