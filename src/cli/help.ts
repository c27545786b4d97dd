import type { Command } from './command.ts';
import { COMMON_OPTIONS } from './parse-arguments.ts';

/** The help of one command. */
export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(
    ([name, spec]) => [`--${name}${'value' in spec ? ` ${spec.value}` : ''}`, spec.help] as const,
  );
  return `${command.summary}\n\nUsage: next-profiling ${command.usage}\n\nOptions:\n${columns(options)}\n`;
}

/** The help of the whole command line. */
export function overviewHelp(commands: readonly Command[]): string {
  const list = columns(commands.map(({ name, summary }) => [name, summary] as const));
  const exits = 'Exit codes: 0 done, 1 the check failed, 2 wrong usage, 3 could not run.';
  return `Server-side CPU profiling for Next.js.\n\nUsage: next-profiling COMMAND\n\n${list}\n\nEvery command has --help and --version.\n${exits}\n`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
