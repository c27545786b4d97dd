/**
 * What `SENTRY_PROFILER_LOGGING_MODE` and the lack of a binary do to a process's start and to its first session: each
 * round runs all of them, in turn. Medians, milliseconds. argv: rounds (11).
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const MODES: Record<string, Record<string, string>> = {
  off: { NEXT_PROFILING: 'off' },
  eager: { SENTRY_PROFILER_LOGGING_MODE: 'eager' },
  lazy: { SENTRY_PROFILER_LOGGING_MODE: 'lazy' },
  fallback: { SENTRY_PROFILER_BINARY_PATH: '/nowhere.node' },
};

const rounds = Number(process.argv[2] ?? '11');
const script = join(import.meta.dirname, 'start-cost.mjs');
const figures: Record<string, Record<string, number[]>> = {};

for (let round = 0; round < rounds; round++) {
  const modes = Object.entries(MODES);
  for (const [mode, env] of round % 2 ? modes : modes.reverse()) {
    const { stdout } = await promisify(execFile)(process.execPath, [script], { env: { ...process.env, ...env } });
    for (const [name, value] of Object.entries(JSON.parse(stdout) as Record<string, number>)) {
      figures[mode] ??= {};
      figures[mode][name] ??= [];
      figures[mode][name].push(value);
    }
  }
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

console.log(`medians of ${rounds}, ms, Node ${process.version}`);
for (const mode of Object.keys(MODES)) {
  const row = ['initMs', 'startMs', 'stopMs', 'secondStartMs'].map((name) => {
    return `${name} ${median(figures[mode]?.[name] ?? []).toFixed(2)}`;
  });
  console.log(`${mode.padEnd(9)} ${row.join('  ')}`);
}
