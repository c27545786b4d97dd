import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { wrongCommands } from './check-commands.ts';
import { wrongInDockerfile } from './check-dockerfile.ts';
import { wrongTypes } from './check-types.ts';
import { type CodeBlock, codeBlocks, documents, inlineCommands } from './code-blocks.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FILES = documents();
const BLOCKS = FILES.flatMap(codeBlocks);
const of = (...languages: string[]): CodeBlock[] => BLOCKS.filter(({ language }) => languages.includes(language));
const at = ({ file, line }: CodeBlock): string => `${file}:${line}`;
const TYPED = ['ts', 'tsx', 'js', 'mjs'];

describe('the documentation', () => {
  test('says of every block what it is, so that one of these tests looks at it', () => {
    // `text` is what a command prints, or a list of names; readers paste none of it.
    const known = [...TYPED, 'sh', 'json', 'yaml', 'dockerfile', 'mermaid', 'text'];
    expect(BLOCKS.filter(({ language }) => !known.includes(language)).map(at)).toEqual([]);
    expect(BLOCKS.length).toBeGreaterThan(8);
  });

  test('has code that TypeScript accepts beside the built package', () => {
    const blocks = of(...TYPED);
    expect(blocks.length).toBeGreaterThan(0);
    expect(wrongTypes(blocks)).toEqual([]);
  });

  test('has commands that exist, with options that they have', () => {
    const problems = [
      ...of('sh').flatMap(({ file, line, text }) =>
        wrongCommands(text).map((wrong) => `${file}:${line + wrong.line}: ${wrong.problem}`),
      ),
      ...FILES.flatMap((file) =>
        inlineCommands(file).flatMap(({ line, command }) =>
          wrongCommands(command).map(({ problem }) => `${file}:${line}: ${problem}`),
        ),
      ),
    ];
    expect(problems).toEqual([]);
  });

  test('has JSON and YAML that can be read', () => {
    const problems = [
      ...of('json').flatMap((block) => thrown(() => JSON.parse(block.text)).map((said) => `${at(block)}: ${said}`)),
      ...of('yaml').flatMap((block) =>
        parseAllDocuments(block.text).flatMap(({ errors }) => errors.map((error) => `${at(block)}: ${error.message}`)),
      ),
    ];
    expect(problems).toEqual([]);
  });

  test('has Dockerfiles whose instructions and stages exist', () => {
    const wrong = of('dockerfile').flatMap((block) =>
      wrongInDockerfile(block.text).map((said) => `${at(block)}: ${said}`),
    );
    expect(wrong).toEqual([]);
  });

  test('shows files that are in this repository as they are there', () => {
    const shown = BLOCKS.filter(({ filename }) => filename !== undefined && existsSync(join(ROOT, filename)));
    for (const block of shown) {
      expect(block.text, at(block)).toBe(readFileSync(join(ROOT, block.filename ?? ''), 'utf8'));
    }
  });
});

function thrown(run: () => void): string[] {
  try {
    run();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
