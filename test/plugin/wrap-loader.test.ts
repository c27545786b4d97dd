import { createRequire } from 'node:module';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { describe, expect, test } from 'vitest';
import { PAGE, ROUTE, SHAPES } from './export-shapes.ts';
import { recordedSpans } from './recorded-spans.ts';
import { compileModule, LOADER } from './webpack-module.ts';

test.for(SHAPES)('$is: exports what it exported, in its span', async ({ path = ROUTE, source, others, calls = {} }) => {
  const files = { [path]: source, ...others };
  const [plain, wrapped] = [await compileModule(files, { wrap: false }), await compileModule(files)];
  expect(shapeOf(wrapped.exports)).toEqual(shapeOf(plain.exports));
  for (const [exported, span] of Object.entries(calls)) {
    const call = (exports: Record<string, unknown>) => {
      const target = exports[exported];
      return typeof target === 'function' ? target({ children: 1 }, 'second') : undefined;
    };
    expect(await call(wrapped.exports), 'without an engine').toEqual(await call(plain.exports));
    expect(await recordedSpans(() => call(wrapped.exports))).toEqual(span === null ? [] : [span]);
  }
});

test('a page says what it calls the components below its boundaries, which a minifier will rename', () => {
  const source = `import * as Shop from './shop';
import { Early, Late as Later } from './shop';
import React, { Suspense } from 'react';
const { Own } = Shop;
export default function Page({ Given }) {
  const late = [1].map(() => <Later />);
  const boundary = <React.Suspense><Own /></React.Suspense>;
  return [<Early />, boundary, <Suspense fallback={<Early />}><p>{[1].map(() => <Later />)}<Shop.Late /><Given /></p></Suspense>];
}`;
  const context = { rootContext: '/app', resourcePath: '/app/app/page.jsx', getOptions: () => ({}) };
  const load: (this: unknown, source: string) => void = createRequire(import.meta.url)(LOADER);
  let wrapped = '';
  load.call({ ...context, callback: (_: null, code: string) => (wrapped = code) }, source);
  const components = /"Page \/", \(\) => \((.*)\)\);$/m.exec(wrapped)?.[1];
  expect(components).toBe('{ "Own": Own, "Later": Later, "Shop.Late": Shop.Late }');
});

/** Everything that can be seen of a value without calling it. */
function shapeOf(value: unknown): unknown {
  // What webpack calls a default export without a name.
  if (value === '__WEBPACK_DEFAULT_EXPORT__') return 'default';
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  const keys = Object.getOwnPropertyNames(value).filter((key) => key !== 'prototype');
  const properties = keys.sort().map((key) => [key, shapeOf((value as Record<string, unknown>)[key])]);
  return { is: typeof value, properties };
}

describe('a wrapped function', () => {
  test('gets this and arguments, and gives the very result or error', async () => {
    const source =
      'export function GET() { if (this?.fail) throw this.fail; return { self: this, given: [...arguments] } }';
    const { GET } = (await compileModule({ [ROUTE]: source })).exports;
    const [self, promise] = [{ GET }, Promise.resolve()];
    await recordedSpans(() => {
      const result = self.GET(promise, 2);
      expect(result.self).toBe(self);
      expect(result.given[0]).toBe(promise);
      const fail = Object.assign(new Error('NEXT_NOT_FOUND'), { digest: 'x' });
      expect(() => GET.call({ fail })).toThrow(fail);
    });
  });

  test('takes properties that are added later, and shows them to the file', async () => {
    const source = 'export default function Page() { return Page.later }';
    const { default: Page } = (await compileModule({ [PAGE]: source })).exports;
    Page.later = 1;
    expect(Page()).toBe(1);
  });

  test('cannot be told from the file’s own by its text', async () => {
    const { GET } = (await compileModule({ [ROUTE]: 'export function GET(a, b) { return a }' })).exports;
    expect(GET).toHaveLength(2);
    expect(GET.name).toBe('GET');
  });
});

describe('files that are left as they are', () => {
  test('one that cannot be parsed is for the bundler to complain about', async () => {
    await expect(compileModule({ [PAGE]: 'export default function (' })).rejects.toThrow(/parse failed.*Unexpected/is);
  });

  test('an output that was wrapped already', async () => {
    const source = 'export const GET = () => 1; // $nextProfiling';
    expect((await compileModule({ [ROUTE]: source })).code).toContain(source.slice(7));
  });
});

test('page extensions of the project’s own are known', async () => {
  const source = 'export default () => 1;\nexport const getServerSideProps = () => 1;';
  const pageExtensions = ['page.ts', 'ts'];
  const { exports } = await compileModule({ 'pages/x.page.ts': source }, { pageExtensions });
  expect(await recordedSpans(() => exports.getServerSideProps())).toEqual(['getServerSideProps /x']);
  const other = await compileModule({ 'pages/x.js': source }, { pageExtensions });
  expect(await recordedSpans(() => other.exports.getServerSideProps())).toEqual([]);
});

test.for([
  [
    ROUTE,
    'first();\nexport async function GET(\n  request: Request,\n) {\n  return MARK(request);\n}\nfunction first() {}',
  ],
  [
    PAGE,
    'export {\n  Page as default,\n  metadata,\n};\nconst metadata = {};\n\nfunction Page() {\n  return MARK();\n}',
  ],
  [PAGE, 'export default async function () {\n  const a = 1; return MARK(a);\n}'],
  [
    'lib/actions.js',
    "'use server';\nexport async function vote(form) {\n  await null; return MARK(form);\n}\nexport const drop = async (x) => MARK(x);",
  ],
] as const)('source maps of %s still point at the user’s lines', async ([path, source]) => {
  const { code, map } = await compileModule({ [path]: `${source}\nfunction MARK() {}` });
  const index = map.sources.findIndex((name) => name.endsWith(path));
  expect(map.sourcesContent[index]).toContain(source);
  const marks = (text: string) =>
    text
      .split('\n')
      .flatMap((line, at) => [...line.matchAll(/MARK\(/g)].map((match) => ({ line: at + 1, column: match.index })));
  const found = marks(code).map((mark) => originalPositionFor(new TraceMap(map), mark));
  expect(found.map(({ line, column }) => ({ line, column }))).toEqual(marks(map.sourcesContent[index] ?? ''));
});

test('a loader that ran before ours has its say in the source map', async () => {
  const magicString = JSON.stringify(createRequire(import.meta.url).resolve('magic-string'));
  const before = `module.exports = function (source) {
  const code = new (require(${magicString}).default)(source).prepend('const added = 1;\\n\\n');
  this.callback(null, code.toString(), code.generateMap({ source: this.resourcePath, includeContent: true, hires: true }));
};`;
  const source = 'export async function GET() {\n  return MARK();\n}\nfunction MARK() {}';
  const files = { [ROUTE]: source, 'before.cjs': before };
  const { code, map } = await compileModule(files, { before: 'before.cjs' });
  expect(code).toContain('const added = 1;');
  expect(code).toContain('$nextProfiling');
  const line = code.split('\n').findIndex((text) => text.includes('return MARK()')) + 1;
  const column = code.split('\n')[line - 1]?.indexOf('MARK') ?? -1;
  expect(originalPositionFor(new TraceMap(map), { line, column })).toMatchObject({ line: 2, column: 9 });
});
