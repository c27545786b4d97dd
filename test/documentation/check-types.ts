import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeBlock } from './code-blocks.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Within the checkout, so that `next-profiling` is the built package, and its peers are those installed here. */
const FOLDER = join(ROOT, '.cache', 'code-blocks');

const OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowJs: true,
  checkJs: true,
  // Blocks are modules of their own, whatever they import.
  moduleDetection: 'force',
  module: 'esnext',
  moduleResolution: 'bundler',
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable'],
  jsx: 'react-jsx',
  types: ['node'],
  // The same functions for another host; it brings too much to be installed for a few lines.
  paths: { '@sentry/aws-serverless': [join(ROOT, 'node_modules', '@sentry', 'node')] },
};

/** What TypeScript says of the blocks, as lines of `FILE:LINE: message`. */
export function wrongTypes(blocks: readonly CodeBlock[]): string[] {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const names = new Map(blocks.map((block, index) => [`block-${index}.${block.language}`, block]));
  for (const [name, { text }] of names) writeFileSync(join(FOLDER, name), text);
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS, files: [...names.keys()] }));
  const said = tsc()
    .split('\n')
    .filter((line) => line.includes('error TS'));
  return said.map((line) => {
    const [, name = '', at = '', message] = /(block-\d+\.\w+)\((\d+),\d+\): (.*)/.exec(line) ?? [];
    const block = names.get(name);
    return block === undefined ? line : `${block.file}:${block.line + Number(at) - 1}: ${message}`;
  });
}

function tsc(): string {
  const args = [join(ROOT, 'node_modules', '.bin', 'tsc'), '--project', FOLDER, '--pretty', 'false'];
  try {
    return execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout ?? error);
  }
}
