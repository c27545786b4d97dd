import { spawn } from 'node:child_process';

export interface CommandResult {
  code: number | null;
  /** Standard output and error, as they came. */
  output: string;
  /** Standard output alone. */
  stdout: string;
}

/** Runs a program to its end. Never rejects for an exit code: what a failure means is the caller's to say. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string | undefined> },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let stdout = '';
    child.stdout.on('data', (text) => {
      output += text;
      stdout += text;
    });
    child.stderr.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, stdout }));
  });
}

/** The same for a command that must succeed. */
export async function mustRun(...[file, args, options]: Parameters<typeof runCommand>): Promise<string> {
  const { code, output } = await runCommand(file, args, options);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code} in ${options.cwd}:\n${output}`);
  return output;
}
