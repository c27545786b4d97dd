import { join, sep } from 'node:path';
import type { NamedFinding } from './checks/all-checks.ts';
import type { Examination } from './examination.ts';

/** What `doctor --json` prints; the README documents it. */
export interface DoctorAnswer {
  readonly ok: boolean;
  readonly directory: string;
  readonly checks: readonly NamedFinding[];
  /** What `profilingStatus()` returned in the server; null if that could not be asked. */
  readonly status: unknown;
}

export function answerOf({ directory, server }: Examination, checks: readonly NamedFinding[]): DoctorAnswer {
  return { ok: !checks.some(isProblem), directory, checks, status: server?.report?.status ?? null };
}

const isProblem = ({ result }: NamedFinding): boolean => result === 'problem';

/** One line per check; what to do, and what was printed, is indented below. Paths begin at the folder. */
export function textOf({ directory, checks }: DoctorAnswer): string {
  const problems = checks.filter(isProblem).length;
  const sum = problems === 0 ? 'no problems' : `${problems} ${problems === 1 ? 'problem' : 'problems'}`;
  return `${checks.map(lineOf).join('\n').replaceAll(join(directory, sep), '')}\n\n${sum}\n`;
}

function lineOf({ result, code, says, fix }: NamedFinding): string {
  const named = code === null ? says : `${says}${says.includes('\n') ? '\n' : ' '}(${code})`;
  return `${result.padEnd(9)}${indented(named)}${fix === null ? '' : `\n         fix: ${indented(fix, '              ')}`}`;
}

const indented = (text: string, by = '         '): string => text.replaceAll('\n', `\n${by}`);
