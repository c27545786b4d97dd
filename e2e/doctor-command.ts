import { join } from 'node:path';
import type { DoctorAnswer } from '../src/doctor/report.ts';
import { CLEAN } from './build-app.ts';
import { ROOT } from './package-tarball.ts';
import { runCommand } from './run-command.ts';

export const CLI = join(ROOT, 'dist', 'cli.js');

export interface DoctorRun {
  code: number | null;
  answer: DoctorAnswer;
}

/** `next-profiling doctor --json` on a folder. `command` is what runs it; default: the Node of this process. */
export async function runDoctor(
  folder: string,
  { env = {}, command = [process.execPath], args = [] }: DoctorOptions = {},
): Promise<DoctorRun> {
  const [file = '', ...first] = command;
  const all = [...first, CLI, 'doctor', folder, '--json', ...args];
  const { code, output, stdout } = await runCommand(file, all, { cwd: ROOT, env: { ...CLEAN, ...env } });
  try {
    return { code, answer: JSON.parse(stdout) };
  } catch {
    throw new Error(`doctor ended with ${code} and printed no JSON:\n${output}`);
  }
}

export interface DoctorOptions {
  env?: Record<string, string | undefined>;
  command?: readonly string[];
  args?: readonly string[];
}

/** The codes of what it found wrong, and of what it noted. */
export const codesOf = ({ answer }: DoctorRun, result: 'problem' | 'note'): (string | null)[] =>
  answer.checks.filter((check) => check.result === result).map(({ code }) => code);
