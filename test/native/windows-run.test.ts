import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { binaryName } from '../../native/binary.ts';
import type { ProfileChunk } from '../../src/profile/types.ts';
import { validateChunk } from '../../src/profile/validate-chunk.ts';
import { hasWine, runWindowsNode, windowsPath } from '../wine.ts';

const TEST = join(import.meta.dirname, '..');
const isAll = process.env.NEXT_PROFILING_ALL === '1';

// Wine 8 starts no newer Node: V8 asks for memory there in a way that it does not know.
const describeInWine = describe.skipIf(!isAll || !hasWine).each(['20.20.2', '22.23.3']);

// Wine itself fails now and then, one run in fifty.
describeInWine('win32-x64, in Wine, on Node %s', { retry: 3 }, (version) => {
  test('samples, rotates and ends', () => {
    const binary = windowsPath(join(TEST, '..', 'prebuilds', binaryName('win32-x64')));
    const chunks = JSON.parse(runWindowsNode(version, [join(TEST, 'fixtures', 'native-chunks.cjs'), binary]));
    for (const name of ['bursts', 'deep', 'lone']) {
      expect(validateChunk(chunks[name].json, 'node')).toMatchObject({ ok: true, droppedSamples: 0 });
    }
    const { profile, debug_meta }: ProfileChunk = JSON.parse(chunks.bursts.json);
    const script = windowsPath(join(TEST, 'fixtures', 'hot-function.cjs'));
    expect(profile.frames.filter((frame) => frame.function === 'hotFunction')).toEqual([
      {
        ...{ function: 'hotFunction', module: 'hot-function', filename: 'hot-function.cjs', abs_path: script },
        ...{ lineno: 3, colno: 21, in_app: true },
      },
    ]);
    expect(debug_meta?.images).toEqual([{ type: 'sourcemap', code_file: script, debug_id: 'id-of-hot-function' }]);
  });

  test('profiles an app through its binary, three times of three to the end in the middle of a chunk', () => {
    for (let i = 0; i < 3; i++) {
      const printed = runWindowsNode(version, [join(TEST, 'release', 'sample.mjs'), 'addon']);
      expect(printed).toContain('on Windows V8 samples without the signal');
    }
  });

  test('profiles an app without its binary unless that keeps a core busy', () => {
    const run = (): string => runWindowsNode(version, ['--no-addons', join(TEST, 'release', 'sample.mjs'), 'fallback']);
    if (version.startsWith('20.')) expect(run).toThrow(/state: 'disabled',\s+reason: .*V8 keeps a core busy/s);
    else expect(run()).toContain("state: 'fallback'");
  });
});
