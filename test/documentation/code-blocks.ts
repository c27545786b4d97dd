import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** A fenced block of a Markdown file. */
export interface CodeBlock {
  readonly file: string;
  /** Of the line after the fence, from 1. */
  readonly line: number;
  /** What stands after the fence: `ts`, `sh`; empty if nothing does. */
  readonly language: string;
  /** The file that the block says it is, from the root of the user's project. */
  readonly filename?: string;
  readonly text: string;
}

/** The Markdown files that are for readers, from the root. */
export const documents = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && file !== 'CHANGELOG.md');

export function codeBlocks(file: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { line: number; language: string; filename: string | undefined; lines: string[] } | null = null;
  for (const [index, line] of readFileSync(join(ROOT, file), 'utf8').split('\n').entries()) {
    const fence = /^\s*```(\w*)(?: filename="([^"]+)")?/.exec(line);
    if (open === null && fence) open = { line: index + 2, language: fence[1] ?? '', filename: fence[2], lines: [] };
    else if (open !== null && fence) {
      const { lines, filename, ...block } = open;
      blocks.push({ file, ...block, ...(filename !== undefined && { filename }), text: `${lines.join('\n')}\n` });
      open = null;
    } else open?.lines.push(line);
  }
  return blocks;
}

/** Commands that stand in a line of prose, like `npm run demo`. */
export function inlineCommands(file: string): { line: number; command: string }[] {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  return lines.flatMap((text, index) =>
    [...text.matchAll(/`((?:npm run|npx|node [\w./]+\.ts)\b[^`]*)`/g)].map(([, command = '']) => ({
      line: index + 1,
      command,
    })),
  );
}
