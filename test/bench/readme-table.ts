import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../e2e/package-tarball.ts';

const README = join(ROOT, 'README.md');
const [BEGIN, END] = ['<!-- npm run bench -- --readme -->', '<!-- end of the table -->'];

/** Puts a text between the README's markers. */
export function writeIntoReadme(text: string): void {
  const readme = readFileSync(README, 'utf8');
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (from === -1 || to < from) throw new Error(`the README has no ${BEGIN}`);
  writeFileSync(README, `${readme.slice(0, from + BEGIN.length)}\n${text}\n${readme.slice(to)}`);
}
