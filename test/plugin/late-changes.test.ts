import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FlattenMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Compiler, webpack } from 'webpack';
import { withProfiling } from '../../plugin/index.ts';

const SOURCE = '// The user’s.\nfunction burnCpu() {\n  return 7;\n}\nexports.burnCpu = burnCpu;\n';

let projectDir: string;
let distDir: string;
beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), 'next-profiling-'));
  distDir = join(projectDir, '.next');
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  mkdirSync(join(distDir, 'server'), { recursive: true });
  writeFileSync(join(distDir, 'server', 'instrumentation.js.nft.json'), JSON.stringify({ files: [] }));
  writeFileSync(join(projectDir, 'busy.js'), SOURCE);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(projectDir, { recursive: true });
});

/** A plugin that changes finished scripts, as late as Sentry's. */
const changing = (change: (code: string) => string) => ({
  apply({ webpack: { Compilation, sources }, hooks }: Compiler) {
    hooks.thisCompilation.tap('late', (compilation) =>
      compilation.hooks.processAssets.tap({ name: 'late', stage: Compilation.PROCESS_ASSETS_STAGE_SUMMARIZE }, () =>
        compilation.updateAsset('busy.js', (source) => new sources.RawSource(change(source.source().toString()))),
      ),
    );
  },
});

/** Builds as Next would, and returns where the kept map says that a text of the script is from. */
async function placeOf(text: string, devtool: false | string, change: (code: string) => string) {
  const config = withProfiling({});
  const options = {
    mode: 'production' as const,
    target: 'node' as const,
    context: projectDir,
    devtool: devtool as false,
    entry: { busy: join(projectDir, 'busy.js') },
    output: { path: join(distDir, 'server'), filename: '[name].js', library: { type: 'commonjs2' } },
    optimization: { minimize: false },
    plugins: [changing(change)],
  };
  const next = { dev: false, nextRuntime: 'nodejs', isServer: true, dir: projectDir, config: { distDir: '.next' } };
  const compiler = webpack(config.webpack?.(options, next as never));
  await new Promise<void>((done, fail) => compiler?.run((error) => (error ? fail(error) : done())));
  await config.compiler?.runAfterProductionCompile?.({ projectDir, distDir });
  const code = readFileSync(join(distDir, 'server', 'busy.js'), 'utf8').split('\n');
  const line = code.findIndex((one) => one.includes(text)) + 1;
  const maps = join(projectDir, '.next-profiling', 'maps');
  const ids = join(distDir, 'next-profiling', 'debug-ids.json');
  if (!existsSync(ids)) return null;
  const map = new FlattenMap(
    JSON.parse(readFileSync(join(maps, `${JSON.parse(readFileSync(ids, 'utf8'))['server/busy.js']}.map`), 'utf8')),
  );
  const column = code[line - 1]?.indexOf(text) ?? -1;
  return originalPositionFor(map, { line, column });
}

for (const devtool of [false, 'source-map', 'hidden-source-map'] as const) {
  test.for([
    ['nothing', ''],
    ['half a line', ';(function(){globalThis.x=1})();'],
    ['lines', '// one\n/* two */\n'],
    ['a line and a half', '"use strict";\n;'],
  ])(`%s before a finished script moves its map along, devtool ${devtool}`, async ([, text = '']) => {
    const place = await placeOf('function burnCpu', devtool, (code) => text + code);
    expect(place).toMatchObject({ source: expect.stringContaining('busy.js'), line: 2, column: 0 });
    expect(readdirSync(join(distDir, 'server')).filter((name) => name.includes('next-profiling'))).toEqual([]);
  });
}

test('the map of a script that was rewritten later is not kept: it would lie', async () => {
  expect(await placeOf('function burnCpu', false, (code) => code.replace('return 7', 'return 77'))).toBe(null);
});
