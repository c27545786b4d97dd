import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type PluginOptions, withProfiling } from '../../plugin/index.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/;
const GIVEN = '01234567-89ab-4cde-8f01-23456789abcd';
const CODE = 'function r(e){return e}';
const TRACE = 'server/instrumentation.js.nft.json';

let projectDir: string;
let distDir: string;
let maps: string;
beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), 'next-profiling-'));
  distDir = join(projectDir, 'out');
  maps = join(projectDir, '.next-profiling', 'maps');
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  write(TRACE, JSON.stringify({ files: [] }));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(projectDir, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(distDir, path)), { recursive: true });
  writeFileSync(join(distDir, path), text);
}

/** A chunk in `server/chunks/` with a map of `sources`. */
function writeChunk(name: string, { code = CODE, map = {} }: { code?: string; map?: object } = {}): void {
  write(`server/chunks/${name}`, code);
  const sources = ['../../../app/page.tsx'];
  write(`server/chunks/${name}.map`, JSON.stringify({ version: 3, sources, names: [], mappings: 'AAAA', ...map }));
}

const compiled = (options?: PluginOptions) =>
  withProfiling({}, options).compiler?.runAfterProductionCompile?.({ projectDir, distDir });
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const debugIds = (): Record<string, string> => read(join(distDir, 'next-profiling', 'debug-ids.json'));
const keptMap = (name: string) => read(join(maps, `${debugIds()[`server/chunks/${name}`]}.map`));

describe('after a build', () => {
  test('each map is kept under its debug id, the engine is told which, and the output ships no map', async () => {
    writeChunk('[root-of-the-server]__x._.js');
    await compiled();
    const ids = debugIds();
    expect(Object.keys(ids)).toEqual(['server/chunks/[root-of-the-server]__x._.js']);
    expect(Object.values(ids)[0]).toMatch(UUID);
    expect(readdirSync(maps)).toEqual([`${Object.values(ids)[0]}.map`]);
    const { files } = read(join(distDir, TRACE));
    expect(files).toContain('../next-profiling/debug-ids.json');
    expect(files.filter((path: string) => path.endsWith('.map'))).toEqual([]);
    expect(readFileSync(join(projectDir, '.next-profiling', '.gitignore'), 'utf8')).toBe('*\n');
    expect(vi.mocked(console.log).mock.lastCall?.[0]).toMatch(/kept 1 source maps in \.next-profiling\/maps$/);
  });

  test('equal builds have equal ids, others have others', async () => {
    const idOf = async (chunk: Parameters<typeof writeChunk>[1]) => {
      writeChunk('a.js', chunk);
      await compiled();
      return debugIds()['server/chunks/a.js'];
    };
    const first = await idOf({});
    expect(await idOf({})).toBe(first);
    const others = [await idOf({ code: `${CODE};` }), await idOf({ map: { mappings: 'AACA' } })];
    expect(new Set([first, ...others]).size).toBe(3);
    expect(readdirSync(maps)).toHaveLength(3);
  });

  test('an id that Turbopack or Sentry has given to a script is used', async () => {
    writeChunk('turbopack.js', { code: `${CODE}\n//# debugId=${GIVEN.toUpperCase()}\n` });
    writeChunk('sentry.js', { code: `n._sentryDebugIdIdentifier="sentry-dbid-${GIVEN}";${CODE}` });
    await compiled();
    expect(debugIds()).toEqual({ 'server/chunks/turbopack.js': GIVEN, 'server/chunks/sentry.js': GIVEN });
  });

  test('sources are named from the project or the package, wherever the build was', async () => {
    const sources = [
      '../../../app/blog/%5Bslug%5D/page.tsx',
      '../../../node_modules/.pnpm/a@1/node_modules/%40org/a/index.js',
      '../../../../shared/b.ts',
      `file://${projectDir}/app/c.ts`,
      `${projectDir}/app/d.ts*`,
      'turbopack:///[turbopack]/runtime.ts',
      'webpack://external commonjs "fs"',
      null,
    ];
    writeChunk('plain.js', { map: { sources } });
    writeChunk('sections.js', {
      map: {
        sources: undefined,
        sections: [{ offset: { line: 0, column: 0 }, map: { version: 3, sources, mappings: '' } }],
      },
    });
    await compiled();
    const named = [
      'app/blog/[slug]/page.tsx',
      'node_modules/@org/a/index.js',
      '../shared/b.ts',
      'app/c.ts',
      'app/d.ts',
      'turbopack:///[turbopack]/runtime.ts',
      'webpack://external commonjs "fs"',
      null,
    ];
    expect(keptMap('plain.js').sources).toEqual(named);
    expect(keptMap('sections.js').sections[0].map.sources).toEqual(named);
    expect(JSON.stringify(keptMap('plain.js'))).not.toContain(projectDir);
  });

  test('what cannot be read is left out, what has no sources too, and the rest is kept', async () => {
    writeChunk('good.js');
    writeChunk('empty.js', { map: { sources: [], sections: [] } });
    writeChunk('broken.js');
    write('server/chunks/broken.js.map', '{"version":3,"sour');
    write('server/chunks/none.js', CODE);
    await compiled();
    expect(Object.keys(debugIds())).toEqual(['server/chunks/good.js']);
  });

  test('a map that only we asked for is gone from the output, others stay', async () => {
    writeChunk('theirs.js');
    write('server/app/page.js', CODE);
    write('server/app/page.js.next-profiling.map', JSON.stringify({ version: 3, sources: ['a.ts'], mappings: 'AAAA' }));
    await compiled();
    expect(Object.keys(debugIds()).sort()).toEqual(['server/app/page.js', 'server/chunks/theirs.js']);
    expect(readdirSync(join(distDir, 'server', 'app'))).toEqual(['page.js']);
    expect(readdirSync(join(distDir, 'server', 'chunks'))).toEqual(['theirs.js', 'theirs.js.map']);
  });

  test('the oldest maps give way when there are too many', async () => {
    mkdirSync(maps, { recursive: true });
    for (const [name, hours] of [
      ['old', 2],
      ['older', 3],
      ['new', 1],
    ] as const) {
      const file = join(maps, `${name}.map`);
      writeFileSync(file, '');
      truncateSync(file, 300 * 1024 * 1024);
      utimesSync(file, new Date(), new Date(Date.now() - hours * 3_600_000));
    }
    writeChunk('a.js');
    await compiled();
    expect(readdirSync(maps).sort()).toEqual([`${debugIds()['server/chunks/a.js']}.map`, 'new.map'].sort());
  });

  test('a folder that cannot be written costs the maps, not the build', async () => {
    writeFileSync(join(projectDir, '.next-profiling'), 'a file in the way');
    writeChunk('a.js');
    await compiled();
    expect(vi.mocked(console.warn).mock.calls.flat().join()).toMatch(/no source maps are kept/);
    expect(existsSync(join(distDir, 'next-profiling', 'engine.cjs'))).toBe(true);
  });

  test('readableFrames: false keeps nothing', async () => {
    writeChunk('a.js');
    await compiled({ readableFrames: false });
    expect(existsSync(join(projectDir, '.next-profiling'))).toBe(false);
    expect(existsSync(join(distDir, 'next-profiling', 'debug-ids.json'))).toBe(false);
  });
});
