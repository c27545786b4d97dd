import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from '@jridgewell/sourcemap-codec';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Frame } from '../../src/profile/types.ts';
import { Symbolicator } from '../../src/symbolicate/symbolicator.ts';
import { chunkOf } from '../profile/chunk-of.ts';
import { BUILT, ID, MAP, ORIGINAL, SCRIPT, SOURCE } from './small-map.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'next-profiling-maps-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const keep = (map: unknown): void =>
  writeFileSync(join(folder, `${ID}.map`), typeof map === 'string' ? map : JSON.stringify(map));

/** The frame, and what is said of it. */
async function resolved(frame: Frame, debugId = ID, codeFile = frame.abs_path) {
  const symbolicator = new Symbolicator(folder);
  const chunk = chunkOf([[0, ['r']]]);
  chunk.profile.frames = [frame];
  chunk.debug_meta = { images: [{ type: 'sourcemap', code_file: codeFile ?? '', debug_id: debugId }] };
  const resolve = async () => (await symbolicator.resolve(chunk)).profile.frames[0];
  return { frame: await resolve(), status: symbolicator.status(), symbolicator, resolve };
}

describe('a frame with a map', () => {
  test('gets name, file and place of the source, though the map holds no names', async () => {
    keep(MAP);
    expect((await resolved(BUILT)).frame).toEqual(ORIGINAL);
  });

  test('is found by its path as by its URL, and by an id in capitals', async () => {
    keep(MAP);
    const url = { ...BUILT, abs_path: `file://${SCRIPT}` };
    expect((await resolved(url)).frame).toEqual(ORIGINAL);
    expect((await resolved(BUILT, ID.toUpperCase(), `file://${SCRIPT}`)).frame).toEqual(ORIGINAL);
  });

  test('is found in a section of an index map', async () => {
    const { x_next_profiling_code, ...map } = MAP;
    keep({ version: 3, sections: [{ offset: { line: 0, column: 0 }, map }], x_next_profiling_code });
    expect((await resolved(BUILT)).frame).toEqual(ORIGINAL);
  });

  test('that a minifier moved to its only caller is still itself', async () => {
    const code = 'log(function(e,t){return e+t}(1,2))';
    const moved = [
      [
        [0, 1, 0, 0],
        [4, 1, 0, 4],
        [13, 0, 1, 22],
        [18, 0, 2, 2],
      ],
    ] as [number, number, number, number][][];
    keep({
      ...MAP,
      sources: [...MAP.sources, 'app/caller.ts'],
      sourcesContent: [SOURCE, 'log(addUp(1, 2));\n'],
      mappings: encode(moved),
      x_next_profiling_code: code,
    });
    expect((await resolved({ ...BUILT, function: '', colno: 13 })).frame).toEqual(ORIGINAL);
  });

  test('without the sources’ text takes what the map itself says', async () => {
    const named = encode([[[17, 0, 1, 16, 0]]]);
    keep({ ...MAP, sourcesContent: undefined, names: ['addUp'], mappings: named });
    expect((await resolved(BUILT)).frame).toMatchObject({ function: 'addUp', lineno: 2, colno: 17 });
    keep({ ...MAP, sourcesContent: [null] });
    expect((await resolved(BUILT)).frame).toMatchObject({ function: 'r', lineno: 2, colno: 17 });
  });

  test('of a library is none of the app’s', async () => {
    keep({ ...MAP, sources: ['node_modules/adder/add-up.ts'] });
    expect((await resolved(BUILT)).frame).toMatchObject({ function: 'addUp', in_app: false });
  });

  test('that is in no source stays as it was built, and is not the app’s', async () => {
    keep({ ...MAP, mappings: encode([[[0], [30, 0, 2, 2]]]) });
    const { frame, status } = await resolved(BUILT);
    expect(frame).toEqual({ ...BUILT, in_app: false });
    expect(status).toMatchObject({ resolved: 0, unmapped: 1, failed: 0 });
  });

  test('whose map is of another script stays as it was built', async () => {
    keep({ ...MAP, x_next_profiling_code: 'nothing of the kind, and no function' });
    expect((await resolved(BUILT)).frame).toMatchObject({ function: 'r', abs_path: SCRIPT });
  });
});

describe('a map that cannot be used leaves the frame and says why', () => {
  const text = JSON.stringify(MAP);
  const bad: Record<string, [map: unknown, reason: RegExp]> = {
    'cut off': [text.slice(0, text.length / 2), /no JSON/],
    empty: ['', /no JSON/],
    'no map': ['null', /version undefined/],
    'of another version': [{ ...MAP, version: 4 }, /version 4/],
    'without mappings': [{ ...MAP, mappings: undefined }, /damaged/],
    'without sources': [{ ...MAP, sources: 'app' }, /damaged/],
    'with a broken section': [{ version: 3, sections: [{ offset: {} }, null] }, /damaged/],
    'with a section far below': [
      { version: 3, sections: [{ offset: { line: 1e9, column: 0 }, map: MAP }] },
      /too many/,
    ],
    'with a section above': [{ version: 3, sections: [{ offset: { line: -1, column: 0 }, map: MAP }] }, /damaged/],
    'with a section in a section': [{ version: 3, sections: [{ map: { version: 3, sections: [] } }] }, /damaged/],
    'with too many mappings': [{ ...MAP, mappings: ';'.repeat(3_000_001) }, /too many/],
    'too large': [' '.repeat(64 * 1024 * 1024 + 1), /too large/],
  };
  for (const [name, [map, reason]] of Object.entries(bad)) {
    test(name, async () => {
      keep(map);
      const { frame, status } = await resolved(BUILT);
      expect(frame).toEqual(BUILT);
      expect(status).toMatchObject({
        maps: folder,
        resolved: 0,
        failed: 1,
        problems: { [SCRIPT]: expect.stringMatching(reason) },
      });
    });
  }

  test('missing', async () => {
    const { frame, status } = await resolved(BUILT);
    expect(frame).toEqual(BUILT);
    expect(status.problems).toEqual({ [SCRIPT]: 'no source map of that debug id' });
  });

  test('an id that is a path', async () => {
    writeFileSync(join(folder, 'x.map'), text);
    for (const id of ['x', '../x', `../${folder.split('/').at(-1)}/x`]) {
      expect((await resolved(BUILT, id)).status.problems).toEqual({ [SCRIPT]: 'the debug id is no UUID' });
    }
  });

  test('names that are no texts', async () => {
    keep({ ...MAP, sourcesContent: undefined, names: [{ a: 1 }], mappings: encode([[[17, 0, 1, 16, 0]]]) });
    expect((await resolved(BUILT)).frame).toMatchObject({ function: 'r', lineno: 2 });
  });

  test('mappings that lead nowhere', async () => {
    const nowhere = encode([[[17, 7, 9, 9, 5]], [[0, 0, 99_999, 99_999]]]);
    keep({ ...MAP, mappings: nowhere });
    expect((await resolved(BUILT)).frame).toMatchObject({ function: 'r', abs_path: SCRIPT });
    expect((await resolved({ ...BUILT, lineno: 2, colno: 1 })).frame).toMatchObject({ function: 'r' });
    keep({ ...MAP, mappings: '!!!!,????;%%%' });
    expect((await resolved(BUILT)).frame).toMatchObject({ function: 'r' });
  });
});

describe('the text of a source', () => {
  const place = { file: 'app/[slug]/add-up.ts', name: 'addUp', line: 2, column: 22 };

  test('is found by a function that was resolved from its map', async () => {
    keep(MAP);
    const { symbolicator } = await resolved(BUILT);
    expect(await symbolicator.sourceOf(place)).toBe(SOURCE);
  });

  test('is as the user wrote it, where our loader changed it', async () => {
    keep({ ...MAP, x_next_profiling_originals: { 0: SOURCE.replace('a + b', 'b + a') } });
    const { symbolicator } = await resolved(BUILT);
    expect(await symbolicator.sourceOf(place)).toContain('return b + a');
  });

  test('is not given for a function that another build had there', async () => {
    keep(MAP);
    const { symbolicator } = await resolved(BUILT);
    expect(await symbolicator.sourceOf({ ...place, name: 'subtract' })).toBe(null);
    expect(await symbolicator.sourceOf({ ...place, line: 1 })).toBe(null);
    expect(await symbolicator.sourceOf({ ...place, file: '../../etc/passwd' })).toBe(null);
  });
});

test('a map that arrives later is used when someone looks for it', async () => {
  const { symbolicator, resolve } = await resolved(BUILT);
  expect(symbolicator.lacking).toEqual([ID]);
  expect(await symbolicator.hasArrived([ID])).toBe(false);
  keep(MAP);
  expect(await resolve()).toEqual(BUILT);
  expect(await symbolicator.hasArrived([ID])).toBe(true);
  expect(symbolicator.lacking).toEqual([]);
  expect(await resolve()).toEqual(ORIGINAL);
});
