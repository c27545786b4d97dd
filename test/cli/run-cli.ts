import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** The command line as a real process, in a folder of its own. */
export interface Cli {
  child: ChildProcess;
  /** What it has printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves with the first match in what it prints on stderr; fails if it ends without. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves to the exit code when it has ended. */
  ended: Promise<number | null>;
}

export interface CliOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
}

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'next-profiling-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function startCli(args: readonly string[], { cwd = temporaryFolder(), env = {} }: CliOptions = {}): Cli {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, SENTRY_DSN: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    ended,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    async printed(pattern) {
      let over = false;
      ended.then(() => {
        over = true;
      });
      for (;;) {
        const match = pattern.exec(output.stderr) ?? pattern.exec(output.stdout);
        if (match !== null) return match;
        if (over) throw new Error(`ended without ${pattern}; it printed: ${output.stdout}${output.stderr}`);
        await Promise.race([once(child.stderr, 'data'), once(child.stdout, 'data'), ended]);
      }
    },
  };
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}) {
  const cli = startCli(args, options);
  const code = await cli.ended;
  return { code, stdout: cli.stdout, stderr: cli.stderr };
}
