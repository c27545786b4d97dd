import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SOURCES = join(import.meta.dirname, '../../src');

/** Stands in for a user's project: the door where a bundler would put it, and engines that say who they are. */
let project: string;

beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'next-profiling-')));
  for (const file of ['engine-handle.ts', 'errors.ts']) copy(file, `build/server/chunks/${file}`);
});
afterEach(() => rmSync(project, { recursive: true }));

function copy(source: string, to: string): void {
  mkdirSync(dirname(join(project, to)), { recursive: true });
  copyFileSync(join(SOURCES, source), join(project, to));
}
function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}
const writeEngine = (path: string): void => write(path, 'exports.engine = { attach() {}, me: __filename };');
const writePackage = (folder = 'node_modules/next-profiling'): void => {
  write(`${folder}/package.json`, '{"name":"next-profiling","version":"1.0.0"}');
  writeEngine(`${folder}/dist/engine.cjs`);
};

/** Runs the door in a fresh process. `findEngine` and `print` are at hand; the script says what to do with them. */
function run(script: string, { env = 'production', cwd = tmpdir() } = {}): ReturnType<typeof JSON.parse> {
  const door = join(project, 'build/server/chunks/engine-handle.ts');
  const whole = `const { findEngine } = await import(${JSON.stringify(door)});
    const print = (value) => console.log(JSON.stringify(value));
    ${script}`;
  const output = execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', whole], {
    cwd,
    env: { ...process.env, NODE_ENV: env } as NodeJS.ProcessEnv,
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

test('in production the copied engine wins, whatever the working folder', () => {
  writeEngine('build/next-profiling/engine.cjs');
  writePackage();
  const file = join(project, 'build/next-profiling/engine.cjs');
  expect(run('print(findEngine())')).toEqual({ file, engine: { me: file } });
});

test('in development a copied engine is a left-over, and the installed package is used', () => {
  writeEngine('build/next-profiling/engine.cjs');
  const looked = run('print(findEngine().tried)', { env: 'development' });
  expect(looked.join()).not.toContain('build/next-profiling');
  writePackage();
  const file = join(project, 'node_modules/next-profiling/dist/engine.cjs');
  expect(run('print(findEngine().file)', { env: 'development' })).toBe(file);
});

test('in production without a copy the installed package is used', () => {
  writePackage();
  expect(run('print(findEngine().file)')).toBe(join(project, 'node_modules/next-profiling/dist/engine.cjs'));
});

test('the engine of a standalone folder is found from the working folder, where the stack says nothing', () => {
  writeEngine('elsewhere/.next/next-profiling/engine.cjs');
  const cwd = join(project, 'elsewhere');
  expect(run('print(findEngine().file)', { cwd })).toBe(join(cwd, '.next/next-profiling/engine.cjs'));
});

test('an engine that is in the process already is taken as it is', () => {
  writeEngine('build/next-profiling/engine.cjs');
  const script = `globalThis[Symbol.for('next-profiling.engine')] = { attach() {}, me: 'first' }; print(findEngine());`;
  expect(run(script)).toEqual({ file: null, engine: { me: 'first' } });
});

test('two calls give one engine, and a miss is looked for again', () => {
  expect(run('print(findEngine().engine)')).toBeNull();
  const script = `
    const first = findEngine();
    const { mkdirSync, writeFileSync } = await import('node:fs');
    mkdirSync(${JSON.stringify(join(project, 'build/next-profiling'))}, { recursive: true });
    writeFileSync(${JSON.stringify(join(project, 'build/next-profiling/engine.cjs'))}, 'exports.engine = { attach() {} };');
    const second = findEngine();
    print([first.engine, second.engine === findEngine().engine]);`;
  expect(run(script)).toEqual([null, true]);
});

test('a broken engine is passed over for the next, and named when there is none', () => {
  write('build/next-profiling/engine.cjs', 'throw new Error("half a file")');
  const { engine, tried } = run('print(findEngine())');
  expect(engine).toBeNull();
  expect(tried).toContainEqual(`${join(project, 'build/next-profiling/engine.cjs')} (half a file)`);
  write('build/next-profiling/engine.cjs', 'exports.engine = 7;');
  expect(run('print(findEngine().tried)').join()).toContain('engine.cjs (exports no engine)');
  writePackage();
  expect(run('print(findEngine().file)')).toContain('node_modules');
});

test('leaves the stack trace settings as they were', () => {
  const script = `
    const mine = () => 'mine';
    Error.prepareStackTrace = mine; Error.stackTraceLimit = 3;
    findEngine();
    print([Error.prepareStackTrace === mine, Error.stackTraceLimit]);`;
  expect(run(script)).toEqual([true, 3]);
});

test('reads the stack as text where the settings cannot be changed', () => {
  writeEngine('build/next-profiling/engine.cjs');
  const file = join(project, 'build/next-profiling/engine.cjs');
  expect(run('Object.freeze(Error); print(findEngine().file)')).toBe(file);
});

test('a runtime without Node’s modules gets no engine and no exception', () => {
  const { engine, tried, fix } = run('process.getBuiltinModule = undefined; print(findEngine());');
  expect(engine).toBeNull();
  expect(tried).toEqual([expect.stringContaining('getBuiltinModule')]);
  expect(fix).toContain('Node.js 20.19 or newer');
  expect(
    run(
      'const { process: p } = globalThis; globalThis.process = undefined; const s = findEngine(); globalThis.process = p; print(s.engine)',
    ),
  ).toBeNull();
});
