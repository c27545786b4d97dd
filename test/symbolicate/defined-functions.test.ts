import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type DefinedFunction, definedFunctions } from '../../src/symbolicate/defined-functions.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
const SHAPES = join(FIXTURES, 'function-shapes.ts');

describe('the functions of a source', () => {
  test('are where V8 says that they are, under the names that it gives them', () => {
    const truth: DefinedFunction[] = JSON.parse(
      execFileSync(process.execPath, ['--no-warnings', join(FIXTURES, 'function-locations.mjs')], { encoding: 'utf8' }),
    );
    expect(truth.length).toBeGreaterThan(35);
    const functions = definedFunctions(readFileSync(SHAPES, 'utf8'), SHAPES);
    const found = truth.map(({ name, line, column }) => {
      const at = functions?.at(line, column);
      // What is computed when the program runs is in no source; what is assigned to a member V8 calls by its path.
      const known = at?.name === '' || at?.name.includes('.') ? name : at?.name;
      return at && { ...at, name: known };
    });
    expect(found).toEqual(truth);
  });

  test('are found anywhere in their heads and nowhere in their bodies', () => {
    const functions = definedFunctions('export const f = async (a: number) => {\n  return a;\n};\n', 'a.ts');
    const f = { name: 'f', line: 1, column: 18 };
    for (const column of [14, 18, 24, 25, 26, 39]) expect(functions?.at(1, column), `column ${column}`).toEqual(f);
    expect(functions?.at(1, 3)).toBeNull();
    expect(functions?.at(2, 3)).toBeNull();
    expect(functions?.at(99, 1)).toBeNull();
  });

  test('are none in what cannot be parsed, or is nested without end', () => {
    expect(definedFunctions('p > a { color: #fff; margin: 0 auto }', 'a.css')).toBeNull();
    expect(definedFunctions(`x = ${'['.repeat(200_000)}`, 'a.js')).toBeNull();
  });
});
