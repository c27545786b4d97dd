import { parseArgs } from 'node:util';
import { wrongUsage } from '../errors.ts';
import type { Command, CommandInput } from './command.ts';
import { nearest } from './nearest.ts';

/** Options that every command has. */
export const COMMON_OPTIONS = { help: { help: 'show this help' }, version: { help: 'show the version' } } as const;

/** Reads a command's arguments. Throws `NP_USAGE`, naming the nearest option where there is one. */
export function parseArguments(command: Command, argv: readonly string[]): CommandInput {
  const name = `next-profiling ${command.name}`;
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  const specs = { ...command.options, ...COMMON_OPTIONS };
  const { tokens } = parseArgs({
    args: [...own],
    options: Object.fromEntries(
      Object.entries(specs).map(([option, spec]) => [option, { type: 'value' in spec ? 'string' : 'boolean' }]),
    ),
    strict: false,
    tokens: true,
  });
  const values: Record<string, string | boolean> = {};
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (words.length === (command.words?.length ?? 0)) throw unexpected(token.value, command, name);
      words.push(token.value);
    }
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name as keyof typeof specs] : undefined;
    if (spec === undefined || token.rawName === `-${token.name}`) {
      const near = nearest(token.name, Object.keys(specs));
      throw wrongUsage(`unknown option ${token.rawName}${near ? `, did you mean --${near}?` : ''}`, name);
    }
    const takesValue = 'value' in spec;
    if (takesValue && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))) {
      throw wrongUsage(`option ${token.rawName} needs a value: ${token.rawName} ${spec.value}`, name);
    }
    if (!takesValue && token.value !== undefined) throw wrongUsage(`option ${token.rawName} takes no value`, name);
    if (token.name in values) throw wrongUsage(`option ${token.rawName} is given twice`, name);
    values[token.name] = token.value ?? true;
  }
  return { values, words, rest: end === -1 ? [] : argv.slice(end + 1) };
}

function unexpected(word: string, command: Command, name: string) {
  const hint = command.name === 'run' ? `; write -- before the command: next-profiling run -- ${word}` : '';
  return wrongUsage(`unexpected argument '${word}'${hint}`, name);
}
