import { encode } from '@jridgewell/sourcemap-codec';
import type { Frame } from '../../src/profile/types.ts';

export const ID = '0a1b2c3d-0a1b-8a1b-aa1b-0a1b2c3d4e5f';
export const SCRIPT = '/srv/app/.next/server/chunks/[root-of-the-server]__x._.js';
export const SOURCE = '/** Adds. */\nexport function addUp(a: number, b: number) {\n  return a + b;\n}\n';
export const CODE = 'let x=1;function r(e,t){return e+t}';
/** `r` in the code: its name at column 17, the parenthesis at 18. */
export const BUILT: Frame = { function: 'r', abs_path: SCRIPT, filename: 'x.js', lineno: 1, colno: 19, in_app: true };
export const ORIGINAL: Frame = {
  function: 'addUp',
  filename: 'app/[slug]/add-up.ts',
  abs_path: 'app/[slug]/add-up.ts',
  lineno: 2,
  colno: 22,
  in_app: true,
};

const mappings = encode([
  [
    [8, 0, 1, 7],
    [17, 0, 1, 16],
    [19, 0, 1, 22],
    [24, 0, 2, 2],
  ],
]);
export const MAP = {
  version: 3,
  sources: ['app/[slug]/add-up.ts'],
  sourcesContent: [SOURCE],
  names: [],
  mappings,
  x_next_profiling_code: CODE,
};
