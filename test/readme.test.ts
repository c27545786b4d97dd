import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TARGETS } from '../native/target.ts';
import { collect } from '../src/cli/collect.ts';
import { diff } from '../src/cli/diff.ts';
import { doctor } from '../src/cli/doctor.ts';
import { exportProfile } from '../src/cli/export.ts';
import { run } from '../src/cli/run.ts';
import { top } from '../src/cli/top.ts';
import { READERS } from '../src/collector/readers.ts';
import { CODES } from '../src/doctor/finding.ts';
import { INSTRUMENTATION } from '../src/doctor/lines-to-paste.ts';
import { show } from '../src/errors.ts';
import { checkIntegrationOptions } from '../src/options.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const README = read('README.md');

/** First cells of the table rows below a heading or a line, without their backticks. */
function firstCells(after: string): string[] {
  const start = README.indexOf(after);
  if (start === -1) throw new Error(`the README has no ${after}`);
  const table = README.slice(start).match(/\n\|.*\n\|[-|]+\|\n((?:\|.*\n)+)/)?.[1] ?? '';
  return [...table.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? '');
}

const codeIn = (folder: string): string =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(join(folder, file)))
    .join('\n');

describe('the README', () => {
  test.each(['next.config.ts', 'instrumentation.ts'])('shows %s of the example app, byte for byte', (file) => {
    const block = README.match(new RegExp(`\`\`\`ts filename="${file.replace('.', '\\.')}"\n([\\s\\S]*?)\`\`\``))?.[1];
    expect(block).toBe(read(join('example-app', file)));
  });

  test('and doctor tell the same instrumentation file', () => {
    expect(INSTRUMENTATION).toContain(read('example-app/instrumentation.ts').trim());
  });

  test('lists every option of the integration with its default', () => {
    const defaults = Object.entries(checkIntegrationOptions({}).value);
    expect(firstCells('`nodeProfilingIntegration(options)`')).toEqual(defaults.map(([name]) => name));
    for (const [name, value] of defaults) {
      const shown = typeof value === 'number' ? value : `\`${show(value)}\``;
      expect(README).toContain(`| \`${name}\` | ${shown} |`);
    }
  });

  test('lists every option of the plugin and every target', () => {
    const known = /const OPTIONS = \[(.*)\] as const/.exec(read('plugin/options.ts'))?.[1]?.match(/\w+/g);
    expect(firstCells('`withProfiling(nextConfig, options)`').sort()).toEqual(known?.sort());
    for (const target of TARGETS) expect(README).toContain(`\`${target}\``);
  });

  test('lists every environment variable that the code reads', () => {
    const read = new Set(`${codeIn('src')}${codeIn('native')}`.match(/\b(?:NEXT_PROFILING|SENTRY)_[A-Z_]*[A-Z]\b/g));
    expect(firstCells('### Environment variables').sort()).toEqual(['NEXT_PROFILING', ...read].sort());
  });

  test('lists every command as its help does', () => {
    const usages = [run, collect, top, diff, exportProfile, doctor].map(({ usage }) => `next-profiling ${usage}`);
    expect(firstCells('## Commands').map((cell) => cell.replaceAll('\\|', '|'))).toEqual(usages);
    expect(
      readdirSync(join(ROOT, 'src', 'cli')).filter((file) => /: Command = \{/.test(read(`src/cli/${file}`))),
    ).toHaveLength(usages.length);
  });

  test('lists every code of doctor', () => {
    expect(firstCells('### Codes of `doctor`')).toEqual([...CODES]);
  });

  test('lists every error code', () => {
    const codes = new Set(read('src/errors.ts').match(/\bNP_[A-Z_]+\b/g));
    expect(firstCells('## Error codes').sort()).toEqual([...codes].sort());
  });

  test('lists every address of the collector', () => {
    const paths = [...READERS.keys()].map((name) => `/api/v1/${name}`);
    const listed = firstCells('## Collector API').map((cell) => cell.replace(/^GET |\?.*$/g, ''));
    const first = ['POST /api/<project>/envelope/', 'POST /api/v1/import', '/'];
    expect(listed.slice(0, 3)).toEqual(first);
    expect(listed.slice(3).sort()).toEqual(paths.sort());
  });
});
