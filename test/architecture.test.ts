import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EMPTY_NAMES, LONGEST, MOSTLY_SHORT, ROOMS, type Room, TOP_LEVEL } from './architecture-rules.ts';
import { type Import, importsIn, importsOf, importTarget, withoutComments } from './read-imports.ts';

const ROOT = join(import.meta.dirname, '..');

const git = (...args: string[]): string[] =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);

/** What is or could be committed; a file that nobody has added yet breaks the rules just as well. */
const FILES = git('ls-files', '-z', '--cached', '--others', '--exclude-standard').filter((file) =>
  existsSync(join(ROOT, file)),
);
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const SOURCES = FILES.filter((file) => /^(native|src|plugin)\/.*\.tsx?$/.test(file));
const NATIVE = FILES.filter((file) => /^native\/.*\.(cc|h)$/.test(file));
const CODE = FILES.filter((file) => /^(native|src|plugin|e2e|test|example-app)\/.*\.(tsx?|cc|h)$/.test(file));

interface Arrow extends Import {
  readonly from: string;
  /** A path from the root, a package or `node:`. */
  readonly to: string;
}

const ARROWS: readonly Arrow[] = SOURCES.flatMap((from) =>
  importsOf(ROOT, from).map((found) => ({ ...found, from, to: importTarget(from, found.specifier ?? '(computed)') })),
);

function roomOf(path: string): Room | undefined {
  const length = ({ files }: Room): number =>
    Math.max(
      0,
      ...files.map((file) => (path === file || (file.endsWith('/') && path.startsWith(file)) ? file.length : 0)),
    );
  const [best] = [...ROOMS].sort((a, b) => length(b) - length(a));
  return best && length(best) > 0 ? best : undefined;
}

function isAllowed({ from, to, typeOnly }: Arrow): boolean {
  const room = roomOf(from);
  const target = roomOf(to)?.name ?? to;
  if (room === undefined) return false;
  return target === room.name || room.may.includes(target) || (typeOnly && (room.mayTypes ?? []).includes(target));
}

const say = ({ from, to, specifier, typeOnly }: Arrow): string =>
  `${from} imports ${typeOnly ? 'types of ' : ''}${specifier ?? to}`;

describe('imports', () => {
  test('are read in every form that TypeScript has', () => {
    const code = `
      import a from 'default'; import * as b from "star";
      import { type C,
        d } from 'mixed';
      import type { E } from 'types';
      export type { F } from 'type-re-export';
      export * from 're-export';
      import 'side-effect';
      const g = await import('dynamic');
      let h: typeof import('typeof');
      require('required');
      import(computed);
      // import 'comment';
      const text = "http://no.comment"; /* import 'block'; */ const i = 'from';
    `;
    const found = importsIn(code.replaceAll('; import * as', ';\nimport * as'));
    const named = (typeOnly: boolean) =>
      found.filter((one) => one.typeOnly === typeOnly).map(({ specifier }) => String(specifier));
    expect(named(true).sort()).toEqual(['type-re-export', 'typeof', 'types']);
    expect(named(false).sort()).toEqual(
      ['default', 'dynamic', 'mixed', 'null', 're-export', 'required', 'side-effect', 'star'].sort(),
    );
  });

  test('go only where the table allows', () => {
    expect(ARROWS.length).toBeGreaterThan(100);
    expect(ARROWS.filter((arrow) => !isAllowed(arrow)).map(say)).toEqual([]);
  });

  test('name files that exist, with their ending', () => {
    const lost = ARROWS.filter(({ specifier, to }) => specifier?.startsWith('.') && !FILES.includes(to));
    expect(lost.map(say)).toEqual([]);
  });

  test('form no cycle, types included', () => {
    const targets = (file: string) => ARROWS.filter(({ from, to }) => from === file && to !== file).map(({ to }) => to);
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (path.includes(file) || done.has(file)) return;
      for (const target of targets(file)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of SOURCES) visit(file, []);
    expect(cycles).toEqual([]);
  });

  test('take no value from a Sentry SDK: the client that is handed in is the only one', () => {
    expect(ARROWS.filter(({ to, typeOnly }) => /^@?sentry/.test(to) && !typeOnly).map(say)).toEqual([]);
  });

  test('take no value from Next in the plugin: the config is loaded before Next is ready', () => {
    const ofPlugin = ARROWS.filter(({ from }) => from.startsWith('plugin/'));
    expect(ofPlugin.filter(({ to, typeOnly }) => to === 'next' && !typeOnly).map(say)).toEqual([]);
  });
});

describe('the table', () => {
  test('claims every source file', () => {
    expect(SOURCES.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  test('has no row for what is gone, and allows only what there is', () => {
    const names = ROOMS.map(({ name }) => name);
    const packages =
      /^(node:|node-gyp|node-addon-api|node-api-headers|next|@sentry\/core|@babel\/(parser|types)|magic-string|@jridgewell\/(remapping|trace-mapping)|pprof-format|@clickhouse\/client|react|react-dom|wouter|swr|uplot|@tanstack\/react-virtual|vite)$/;
    const empty = ROOMS.flatMap(({ files }) => files).filter((path) => !FILES.some((file) => file.startsWith(path)));
    const unknown = ROOMS.flatMap(({ may, mayTypes = [] }) => [...may, ...mayTypes]).filter(
      (target) => !names.includes(target) && !packages.test(target),
    );
    expect({ empty, unknown }).toEqual({ empty: [], unknown: [] });
  });
});

describe('files', () => {
  const lines = (file: string): number => read(file).split('\n').length - 1;

  test('stay short', () => {
    const tooLong = CODE.filter((file) => lines(file) > (LONGEST[extname(file)] ?? 0));
    expect(tooLong.map((file) => `${file}: ${lines(file)} lines`)).toEqual([]);
  });

  test('are mostly a screen or three', () => {
    const sources = [...SOURCES, ...NATIVE];
    const short = sources.filter((file) => lines(file) < MOSTLY_SHORT.lines);
    expect(short.length / sources.length).toBeGreaterThanOrEqual(MOSTLY_SHORT.share);
  });

  test('are named in kebab-case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/;
    const ours = FILES.filter((file) => /^(native|src|plugin|e2e|test)\//.test(file));
    // `test/fixtures` may hold what others name, such as a copied build.
    const odd = ours.filter((file) => !file.startsWith('test/fixtures/') && !kebab.test(basename(file)));
    expect(odd).toEqual([]);
  });

  test('are named after what they do', () => {
    const empty = FILES.filter((file) => file.split('/').some((part) => EMPTY_NAMES.test(part.split('.')[0] ?? '')));
    expect(empty).toEqual([]);
  });

  test('at the top of the repository are those that were agreed on', () => {
    const top = new Set(git('ls-files', '-z').map((file) => file.split('/')[0] ?? ''));
    expect([...top].filter((name) => !name.startsWith('.')).sort()).toEqual(TOP_LEVEL);
  });
});

describe('native code', () => {
  const matching = (files: readonly string[], pattern: RegExp): string[] =>
    files.filter((file) => pattern.test(withoutComments(read(file))));

  test('throws into JavaScript in addon.cc alone', () => {
    const throwing = /\bthrow\b|ThrowAsJavaScriptException|\bnapi_throw|\bNAPI_THROW|\bFatalError\b/;
    expect(matching(NATIVE, throwing)).toEqual(['native/addon.cc']);
  });

  test('is loaded in native/binding.ts alone', () => {
    expect(matching(SOURCES, /\bdlopen\b/)).toEqual(['native/binding.ts']);
    expect(ARROWS.filter(({ specifier }) => specifier?.endsWith('.node')).map(say)).toEqual([]);
  });

  test('includes no header of V8, whose inline code differs between Node versions', () => {
    expect(matching(NATIVE, /#include\s*[<"](?!v8-symbols)(v8|node)[\w-]*\.h[>"]/)).toEqual([]);
  });
});
