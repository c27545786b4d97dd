import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Figure } from './figures.ts';
import { MEASURES } from './measures/all-measures.ts';
import { jsonOf, markdownOf, type Report, textOf } from './report.ts';

const report = (...figures: Figure[]): Report => ({
  date: '2026-01-01',
  node: 'v24.0.0',
  cores: 2,
  loadBefore: 0.1,
  minutes: 3,
  figures,
  missing: [{ contender: 'dd-trace', measure: 'all', reason: 'it does not install' }],
});

const CPU: Figure = {
  id: 'cpuMs',
  says: 'CPU per request',
  unit: 'ms',
  base: 'nothing',
  values: { nothing: [2, 4, 3], 'next-profiling': [2.2, 4, 3.6], '@sentry/profiling-node': [4, 8, 6] },
};

describe('the report of npm run bench', () => {
  test('divides round by round, and shows the median with its ends', () => {
    const rows = markdownOf(report(CPU)).split('\n');
    expect(rows[0]).toBe('|  | no profiler | next-profiling | `@sentry/profiling-node` 11.1.0 |');
    expect(rows[2]).toBe('| CPU per request | 3.0 ms | 1.10 (1.00–1.20) | 2.00 |');
    expect(JSON.parse(jsonOf(report(CPU))).figures[0].spreads['next-profiling']).toEqual({
      median: 1.1,
      least: 1,
      greatest: 1.2,
    });
  });

  test('shows shares as they are, and who has no figure', () => {
    const seen: Figure = {
      ...CPU,
      id: 'seen',
      says: 'seen',
      unit: 'share',
      base: null,
      values: { 'next-profiling': [0.5] },
    };
    expect(markdownOf(report(CPU, seen))).toContain('| seen | – | 50 % | – |');
  });

  test('says who is missing, why, and whether others were at work', () => {
    expect(textOf(report(CPU))).toContain('dd-trace is missing in all: it does not install');
    expect(markdownOf(report(CPU))).not.toContain('other processes');
    expect(markdownOf({ ...report(CPU), loadBefore: 1.26 })).toContain('other processes were at work (load 1.3)');
  });
});

test('the README has a row for each figure of npm run bench', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  const table = readme.split('<!-- npm run bench -- --readme -->')[1]?.split('<!-- end of the table -->')[0] ?? '';
  const rows = [...table.matchAll(/^\| (\S[^|]*) \| /gm)].map((match) => match[1]);
  const figures = MEASURES.flatMap((measure) => measure.figures.map(({ says }) => says));
  expect(rows.sort()).toEqual(figures.sort());
});
