import { expect, test } from 'vitest';
import { hostTarget } from '../../native/target.ts';
import { hasCompileHook } from '../../plugin/next-version.ts';
import { parseOptions } from '../../plugin/options.ts';

test('without options the target is the platform that builds, frames are readable, and code is instrumented', () => {
  for (const none of [undefined, {}, { target: undefined }]) {
    expect(parseOptions(none)).toEqual({ targets: [hostTarget()], instrument: true, readableFrames: true });
  }
});

test('one target or a list, each once and in the order given', () => {
  expect(parseOptions({ target: 'win32-x64' }).targets).toEqual(['win32-x64']);
  const list = ['linux-arm64-musl', 'linux-x64-glibc', 'linux-arm64-musl'];
  expect(parseOptions({ target: list }).targets).toEqual(['linux-arm64-musl', 'linux-x64-glibc']);
});

test.for([
  ['14.2.3', false],
  ['15.0.0', false],
  ['15.4.0', false],
  ['15.4.1', true],
  ['15.5.29', true],
  ['16.0.0-canary.3', true],
  ['next', true],
  [undefined, true],
] as const)('Next %s has a hook after compilation: %s', ([version, has]) => {
  expect(hasCompileHook(version)).toBe(has);
});
