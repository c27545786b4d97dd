import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const KB = 1024;

type Conditions = string | { [condition: string]: Conditions };

/** Where an `exports` or `bin` value leads, with the conditions on the way. */
function targetsOf(value: Conditions, path: readonly string[] = []): { path: readonly string[]; file: string }[] {
  if (typeof value === 'string') return [{ path, file: value }];
  return Object.entries(value).flatMap(([key, inner]) => targetsOf(inner, [...path, key]));
}

describe('the packed package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'next-profiling-pack-'));
  const unpacked = join(folder, 'package');
  let tarball: Buffer;
  let files: string[];
  // biome-ignore lint/suspicious/noExplicitAny: a manifest is whatever it is; that is what is tested.
  let manifest: any;

  beforeAll(() => {
    const args = ['pack', '--json', '--silent', '--pack-destination', folder];
    const [packed] = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }));
    tarball = readFileSync(join(folder, packed.filename));
    execFileSync('tar', ['xzf', packed.filename], { cwd: folder });
    files = readdirSync(unpacked, { recursive: true, encoding: 'utf8' }).filter((file) =>
      statSync(join(unpacked, file)).isFile(),
    );
    manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (file: string): string => readFileSync(join(unpacked, file), 'latin1');

  test('has nothing that publint complains about, not even as a suggestion', async () => {
    const copy = new Uint8Array(tarball);
    const { messages, pkg } = await publint({ pack: { tarball: copy.buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test('has types that are right for every way of importing it', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
    if (!analysis.types) throw new Error('the package has no types');
    expect(Object.keys(analysis.entrypoints)).toEqual(expect.arrayContaining(['.', './plugin']));
    expect(analysis.problems).toEqual([]);
  });

  test('runs nothing on a user’s install', () => {
    const scripts = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => scripts.includes(name))).toEqual([]);
    // Without these two npm would run `node-gyp rebuild` by itself.
    expect(manifest.gypfile).toBe(false);
    expect(files.filter((file) => file.endsWith('.gyp'))).toEqual([]);
    expect(existsSync(join(ROOT, 'binding.gyp'))).toBe(false);
  });

  test('holds every file that its manifest names', () => {
    const targets = [...targetsOf(manifest.exports), ...targetsOf(manifest.bin)];
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter(({ file }) => !files.includes(file.replace('./', '')))).toEqual([]);
  });

  test('names types first in every condition', () => {
    const late = targetsOf(manifest.exports).filter(({ path, file }) => {
      const last = path.at(-1);
      if (last !== 'types') return false;
      const siblings = path.slice(0, -1).reduce((value: Conditions, key) => (value as never)[key], manifest.exports);
      return Object.keys(siblings)[0] !== 'types' || !/\.d\.c?ts$/.test(file);
    });
    expect(late).toEqual([]);
    for (const door of ['.', './plugin']) {
      const conditions = targetsOf(manifest.exports[door]);
      const typed = conditions.filter(({ path }) => path.at(-1) === 'types').length;
      expect(typed, `conditions of ${door} with types`).toBe(conditions.length / 2);
    }
  });

  test('sends edge runtimes and browsers to the door that does nothing, before any other', () => {
    expect(Object.keys(manifest.exports['.'])).toEqual(['edge-light', 'worker', 'browser', 'import', 'require']);
    for (const condition of ['edge-light', 'worker', 'browser']) {
      expect(manifest.exports['.'][condition].default).toBe('./dist/index.edge.js');
    }
  });

  test('holds what users need and nothing else', () => {
    const expected =
      /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/[\w.-]+\.(js|cjs|d\.ts|d\.cts)|dist\/(viewer|speedscope)\/.+|dist\/clickhouse-client\/LICENSE|prebuilds\/next-profiling-[\w-]+\.node)$/;
    expect(files.filter((file) => !expected.test(file))).toEqual([]);
    for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE', 'dist/engine.cjs', 'dist/clickhouse-client/LICENSE'])
      expect(files).toContain(file);
    for (const page of ['viewer', 'speedscope']) expect(files).toContain(`dist/${page}/index.html`);
  });

  test('says nothing of the machine that it was built on', () => {
    expect(files.filter((file) => read(file).includes(ROOT))).toEqual([]);
    const own = files.filter((file) => file.startsWith('dist/') && !file.startsWith('dist/speedscope/'));
    expect(own.filter((file) => /sourceMappingURL=(?!data:)/.test(read(file)))).toEqual([]);
  });

  test('brings no packages of its own, and asks for its peers by range', () => {
    expect(manifest.dependencies).toBeUndefined();
    const peers = Object.entries(manifest.peerDependencies as Record<string, string>);
    expect(peers.filter(([, range]) => /^\d/.test(range))).toEqual([]);
    expect(peers.length).toBeGreaterThan(0);
  });

  test('imports no package that the user may not have', () => {
    const imported = files
      .filter((file) => /^dist\/[^/]*\.c?js$/.test(file))
      .flatMap((file) => [
        ...read(file).matchAll(
          /^(?:import|export)\b(?:[^'"\n]*?from)?\s*"([^"]+)"|\b(?:require|import)\("([^"]+)"\)/gm,
        ),
      ])
      .map((match) => match[1] ?? match[2] ?? '');
    expect(imported).toContain('node:fs');
    expect(imported.filter((name) => !name.startsWith('./') && !isBuiltin(name))).toEqual([]);
  });

  test('keeps its byte budgets', () => {
    const size = (file: string): number => statSync(join(unpacked, file)).size;
    const chunks = (file: string): string[] =>
      [...read(file).matchAll(/from\s*"\.\/([\w.-]+)"/g)].map((match) => `dist/${match[1]}`);
    const packed = (file: string): number => gzipSync(readFileSync(join(unpacked, file))).byteLength;
    const initialScripts = (): string[] =>
      [...read('dist/viewer/index.html').matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(
        (match) => `dist/viewer/${match[1]}`,
      );
    const withChunks = (file: string): number => [file, ...chunks(file)].reduce((sum, each) => sum + size(each), 0);
    const sizes = {
      door: withChunks('dist/index.js'),
      'edge door': withChunks('dist/index.edge.js'),
      engine: size('dist/engine.cjs'),
      'wrap loader': size('dist/wrap-loader.cjs'),
      // What a browser waits for before the first picture, as it comes over the wire.
      'page, packed': initialScripts().reduce((sum, file) => sum + packed(file), 0),
      tarball: tarball.byteLength,
    };
    console.log(
      `bytes: ${Object.entries(sizes)
        .map(([name, bytes]) => `${name} ${bytes}`)
        .join(', ')}`,
    );
    expect(sizes.door).toBeLessThanOrEqual(12 * KB);
    expect(sizes['edge door']).toBeLessThanOrEqual(2 * KB);
    expect(sizes.engine).toBeLessThanOrEqual(128 * KB);
    expect(sizes['wrap loader']).toBeLessThanOrEqual(360 * KB);
    expect(sizes['page, packed']).toBeGreaterThan(10 * KB);
    expect(sizes['page, packed']).toBeLessThanOrEqual(180 * KB);
  });
});
