import { parseArgs } from 'node:util';
import type { Measure } from './measure.ts';

export interface BenchArguments {
  readonly measures: readonly Measure[];
  /** For each measure, instead of its own number. */
  readonly rounds: number | undefined;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly readme: boolean;
}

/** What `npm run bench -- …` was asked for; a text if that is its usage or a mistake. */
export function benchArguments(args: string[], all: readonly Measure[]): BenchArguments | string {
  const usage = [
    'usage: npm run bench -- [--only NAME,…] [--rounds N] [--json FILE] [--markdown FILE] [--readme]',
    '--readme writes the table into the README. Measures:',
    ...all.map(({ name, says }) => `  ${name.padEnd(16)} ${says}`),
  ].join('\n');
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string' },
        rounds: { type: 'string' },
        json: { type: 'string' },
        markdown: { type: 'string' },
        readme: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const only = values.only?.split(',') ?? all.map(({ name }) => name);
    const unknown = only.filter((name) => !all.some((measure) => measure.name === name));
    if (values.help) return usage;
    if (unknown.length > 0) return `no measure ${unknown.join(', ')}\n${usage}`;
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
    if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) return `--rounds is no number\n${usage}`;
    const { json, markdown, readme } = values;
    return { measures: all.filter(({ name }) => only.includes(name)), rounds, json, markdown, readme };
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n${usage}`;
  }
}
