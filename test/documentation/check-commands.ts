import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../../src/cli/command.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CLI = join(ROOT, 'src', 'cli');

function isCommand(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'usage' in value;
}

/** Every command, from the files that say that they are one. */
const OURS: readonly Command[] = await Promise.all(
  readdirSync(CLI)
    .filter((file) => /^export const \w+: Command = \{/m.test(readFileSync(join(CLI, file), 'utf8')))
    .map(async (file) => Object.values(await import(join(CLI, file))).find(isCommand) as Command),
);

const SCRIPTS: Record<string, string> = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;

/** What is wrong with the commands of a shell text, each with its line from 0. */
export function wrongCommands(text: string): { line: number; problem: string }[] {
  return text.split('\n').flatMap((line, index) =>
    joined(text, line, index)
      .replace(/(^|\s)#.*$/, '')
      .split(/&&|\||;/)
      .map((command) => problemOf(wordsOf(command)))
      .flatMap((problem) => (problem === null ? [] : [{ line: index, problem }])),
  );
}

/** A line with those that it goes on in; none for those. */
function joined(text: string, line: string, index: number): string {
  const lines = text.split('\n');
  if (lines[index - 1]?.endsWith('\\')) return '';
  let whole = line;
  for (let next = index + 1; whole.endsWith('\\'); next++) whole = `${whole.slice(0, -1)} ${lines[next] ?? ''}`;
  return whole;
}

/** Words of a command, without quotes and settings of its environment. */
function wordsOf(command: string): string[] {
  const words = command.match(/'[^']*'|"[^"]*"|[^\s'"]+/g) ?? [];
  const all = words.map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
  const from = all.findIndex((word) => !/^[A-Z_]+=/.test(word));
  return from === -1 ? [] : all.slice(from);
}

function problemOf([program, ...args]: string[]): string | null {
  if (program === undefined) return null;
  if (program === 'npx' || program === 'pnpm') return problemOf(args[0] === 'exec' ? args.slice(1) : args);
  const check = CHECKS[program];
  if (check === undefined) return `nothing checks '${program}' yet`;
  return check(args);
}

const oneOf =
  (...known: string[]) =>
  ([word = '']: string[]): string | null =>
    known.includes(word) ? null : `'${word}' is none of ${known.join(', ')}`;

const existing = ([file = '']: string[]): string | null =>
  existsSync(join(ROOT, file)) || file === 'server.js' ? null : `there is no ${file}`;

const CHECKS: Readonly<Record<string, (args: string[]) => string | null>> = {
  'next-profiling': ourProblem,
  next: oneOf('build', 'start', 'dev'),
  node: (args) => existing(args.filter((word) => !word.startsWith('-'))),
  npm: ([verb = '', script = '']) => {
    if (['test', 'install', 'pack', 'ci'].includes(verb)) return null;
    return verb === 'run' && script in SCRIPTS ? null : `package.json has no script '${script}'`;
  },
  '.ci/run': () => existing(['.ci/run']),
  vitest: (args) => existing(args.filter((word) => word.startsWith('test/'))),
  playwright: (args) => existing(args.filter((word) => word.startsWith('e2e/'))),
  add: () => null,
  install: () => null,
  docker: oneOf('build', 'run', 'compose'),
  kubectl: oneOf('apply'),
  zip: () => null,
  cp: () => null,
};

/** As the command line itself reads it. */
function ourProblem([name = '', ...args]: string[]): string | null {
  if (['--help', '--version', 'help'].includes(name)) return null;
  const command = OURS.find((each) => each.name === name);
  if (command === undefined) return `no command '${name}'`;
  try {
    const { rest } = parseArguments(command, args);
    return rest.length > 0 ? problemOf([...rest]) : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
