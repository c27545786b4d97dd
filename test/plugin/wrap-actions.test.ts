import { describe, expect, test } from 'vitest';
import { recordedSpans } from './recorded-spans.ts';
import { compileModule } from './webpack-module.ts';

const FILE = 'app/actions.ts';
const compile = (source: string) => compileModule({ [FILE]: `// actions\n'use server';\n${source}` });

describe('an action of a ‘use server’ file runs in its span and stays what it is', () => {
  const forms: [is: string, source: string, exported: string, span: string | null][] = [
    [
      'a function',
      'export async function createPost(form: FormData) { return [form] }',
      'createPost',
      'Action createPost',
    ],
    [
      'an arrow function',
      'export const createPost = async (form) => { return [form] }',
      'createPost',
      'Action createPost',
    ],
    ['an expression', 'export const createPost = async (form) => [form];', 'createPost', 'Action createPost'],
    [
      'an expression in parentheses',
      'export const createPost = async (form) => ([form] /* b */)\n;',
      'createPost',
      'Action createPost',
    ],
    [
      'a function expression',
      'export const createPost = async function (form) { return [form] };',
      'createPost',
      'Action createPost',
    ],
    [
      'a pattern with defaults',
      'export async function createPost(form, { a = 1 } = {}, ...rest) { return [form] }',
      'createPost',
      'Action createPost',
    ],
    [
      'one in a list',
      'async function save(form) { return [form] }\nexport { save as createPost };',
      'createPost',
      'Action createPost',
    ],
    ['a default', 'export default async function createPost(form) { return [form] }', 'default', 'Action createPost'],
    ['a default without a name', 'export default async function (form) { return [form] }', 'default', 'Action default'],
    [
      'one that calls itself',
      'export async function createPost(form) { return form === 0 ? [7] : createPost(0) }',
      'createPost',
      'Action createPost',
    ],
    [
      'one with directives',
      'export async function createPost(form) { "use server"\n return [form] }',
      'createPost',
      'Action createPost',
    ],
    [
      'one that ends in a comment',
      'export async function createPost(form) { return [form]\n// end\n}',
      'createPost',
      'Action createPost',
    ],
    [
      'one that a library makes',
      'const client = (f) => (x) => f(x);\nexport const createPost = client(async (form) => [form]);',
      'createPost',
      'Action createPost',
    ],
    ['arguments', 'export async function createPost(form) { return [arguments[0]] }', 'createPost', null],
    [
      'a var of a parameter’s name',
      'export async function createPost(form) { var form; return [form] }',
      'createPost',
      null,
    ],
    ['a cached function', 'export async function createPost(form) { "use cache"; return [form] }', 'createPost', null],
  ];

  test.for(forms)('%s', async ([, source, exported, span]) => {
    const { exports } = await compile(source);
    const action = exports[exported];
    const plain = (await compileModule({ [FILE]: source }, { wrap: false })).exports[exported];
    expect([action.name, action.length]).toEqual([plain.name, plain.length]);
    const form = {};
    const expected = await plain(form);
    expect(await action(form), 'without an engine').toEqual(expected);
    const names = await recordedSpans(async () => expect(await action(form)).toEqual(expected));
    expect([...new Set(names)]).toEqual(span === null ? [] : [span]);
  });
});

test('the directive stays the first statement, and parameters stay as they are written', async () => {
  const { code } = await compile('export async function createPost(a, b) { return a }');
  expect(code).toMatch(
    /async function createPost\(a, b\) \{ return \$nextProfiling_run\("Action createPost", async function createPost\(\)/,
  );
  expect(code.indexOf("'use server'")).toBeLessThan(code.indexOf('async function createPost'));
});

test('errors, redirects among them, reach the caller as they are', async () => {
  const { exports } = await compile('export async function fail(error) { throw error }');
  const error = Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;replace;/;307;' });
  await recordedSpans(() => expect(exports.fail(error)).rejects.toBe(error));
});

test('actions within functions, and functions that are not exported, are left alone', async () => {
  const { exports } = await compileModule({
    'lib/form.js': 'export function Form() { async function save() { "use server"; return 1 } return save }',
  });
  expect(await recordedSpans(() => exports.Form()())).toEqual([]);
  const { code } = await compile('async function inner() {}\nexport async function outer() { return inner() }');
  expect(code).not.toContain('Action inner');
});
