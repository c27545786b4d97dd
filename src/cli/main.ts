#!/usr/bin/env node
import { inspect } from 'node:util';
import { ProfilingError, wrongUsage } from '../errors.ts';
import { collect } from './collect.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { exportProfile } from './export.ts';
import { commandHelp, overviewHelp } from './help.ts';
import { nearest } from './nearest.ts';
import { packageVersion } from './package-version.ts';
import { parseArguments } from './parse-arguments.ts';
import { run } from './run.ts';
import { top } from './top.ts';

const COMMANDS = [run, collect, top, diff, exportProfile, doctor];

/** Errors of the command line itself; everything else that is known "could not run". */
const USAGE_CODES = ['NP_USAGE', 'NP_OPTION'];

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(overviewHelp(COMMANDS));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') return printVersion();
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const near = nearest(name, [...COMMANDS.map((candidate) => candidate.name), '--help', '--version']);
    const kind = name.startsWith('-') ? 'option' : 'command';
    throw wrongUsage(`unknown ${kind} '${name}'${near ? `, did you mean ${near}?` : ''}`, 'next-profiling');
  }
  const input = parseArguments(command, args);
  if (input.values.version) return printVersion();
  if (input.values.help) {
    process.stdout.write(commandHelp(command));
    return 0;
  }
  return command.run(input);
}

function printVersion(): number {
  process.stdout.write(`${packageVersion()}\n`);
  return 0;
}

// `top | head` closes the pipe early; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isKnown = error instanceof ProfilingError;
  // Not left to Node, whose 1 for a mistake of ours would say that a check failed.
  process.stderr.write(`${isKnown ? error.message : inspect(error)}\n`);
  process.exitCode = isKnown && USAGE_CODES.includes(error.code) ? 2 : 3;
}
