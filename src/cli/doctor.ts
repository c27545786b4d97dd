import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { judge } from '../doctor/checks/all-checks.ts';
import { examine } from '../doctor/examination.ts';
import { findBuilds } from '../doctor/find-build.ts';
import { answerOf, textOf as report } from '../doctor/report.ts';
import { wrongUsage } from '../errors.ts';
import type { Command } from './command.ts';
import { durationMsOf, textOf } from './option-values.ts';

/** A large app on a small machine starts in less. */
const DEFAULT_TIMEOUT_MS = 60_000;

const NAME = 'next-profiling doctor';

export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor [DIR] [--json] [--path PATH] [--timeout TIME]',
  summary: 'Boot what was built, and say whether it profiles or why not',
  words: ['DIR'],
  options: {
    json: { help: 'print JSON' },
    path: { value: 'PATH', help: 'what to ask the server for (default: / or another page that answers)' },
    timeout: { value: 'TIME', help: 'how long the server may take to answer: 90s, 2m (default: 60s)' },
  },

  async run({ values, words }) {
    const directory = resolve(words[0] ?? '.');
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
      throw wrongUsage(`'${words[0]}' is not a folder`, NAME);
    }
    const path = textOf(values, 'path');
    if (path !== undefined && !path.startsWith('/')) throw wrongUsage(`--path is '${path}'; it begins with /`, NAME);
    const timeoutMs = durationMsOf(values, 'timeout', 'doctor') ?? DEFAULT_TIMEOUT_MS;
    const [build, ...others] = findBuilds(directory);
    if (build !== undefined && others.length > 0) {
      throw wrongUsage(`several builds: ${[build, ...others].map(({ folder }) => folder).join(', ')}; name one`, NAME);
    }
    const facts = await examine(directory, build, { path, timeoutMs });
    const answer = answerOf(facts, judge(facts));
    process.stdout.write(values.json ? `${JSON.stringify(answer, null, 2)}\n` : report(answer));
    return answer.ok ? 0 : 1;
  },
};
