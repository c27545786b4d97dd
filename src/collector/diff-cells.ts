import type { Judged } from './api-diff-types.ts';
import { percent, shortMs } from './report-cells.ts';
import { type Column, keepEnd, keepStart, printable } from './text-table.ts';

/** How a comparison is written. In Markdown names are code: GitHub would take `@next/env` for a person. */
export interface DiffStyle {
  markdown?: boolean;
  /** Longest lists of routes and functions. */
  limit?: number;
}

export const FIGURES: readonly Column[] = [
  { title: 'base', align: 'right' },
  { title: 'new', align: 'right' },
  { title: 'change', align: 'right' },
  { title: 'noise', align: 'right' },
  { title: 'verdict', align: 'left' },
];

export const figuresOf = (judged: Judged): string[] => [
  shortMs(judged.cpuMs.base),
  shortMs(judged.cpuMs.new),
  changeOf(judged),
  noiseOf(judged),
  SAID[judged.verdict],
];

const SAID: Record<Judged['verdict'], string> = {
  slower: 'slower',
  faster: 'faster',
  same: '',
  small: 'too small',
  few: 'too little to tell',
  new: 'new',
  gone: 'gone',
  moved: 'made up for',
  unjudged: 'not judged',
};

export function changeOf({ change }: Pick<Judged, 'change'>): string {
  if (change === null) return '-';
  return `${change < 0 ? '-' : '+'}${percent(Math.abs(change))}`;
}

export const noiseOf = ({ changeNoise }: Pick<Judged, 'changeNoise'>): string =>
  changeNoise === null ? '-' : `±${percent(changeNoise)}`;

/** A name from a profile, whole in Markdown, cut to a width in a terminal. */
export function nameCell(name: string, width: number, markdown: boolean, keep: 'start' | 'end' = 'start'): string {
  if (markdown) return code(name);
  return (keep === 'start' ? keepStart : keepEnd)(name, width);
}

/** Markdown that shows a name as it is, whatever is in it. */
export function code(name: string): string {
  const text = printable(name);
  if (text === '') return '';
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const blank = longest > 0 ? ' ' : '';
  return `${fence}${blank}${text}${blank}${fence}`;
}

export const whereIs = ({ file, line, column }: { file: string; line: number; column: number }): string =>
  line > 0 ? `${file}:${line}:${column}` : file;
