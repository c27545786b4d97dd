import type { Dice } from './dice.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Text that stands for itself in what `jsonText` writes: what `JSON.stringify` would not write. */
const RAW_TEXTS = [
  '1e999',
  '-1e999',
  '-0',
  '1e-999',
  '9'.repeat(400),
  '0x10',
  'NaN',
  '01',
  '"\\ud800"',
  '"\\u0000"',
  '"\\x"',
  '{"a":1,"a":2}',
  '{"__proto__":{"polluted":true}}',
  '['.repeat(2_000) + ']'.repeat(2_000),
  '['.repeat(200_000) + ']'.repeat(200_000),
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  '['.repeat(50_000),
] as const;

const MARK = 'raw text number ';

const NUMBERS = [
  0,
  -1,
  1,
  0.5,
  1e-9,
  127,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  1e21,
  1e300,
  -1e300,
  5e-324,
  9e9,
  9.1e9,
  1e12,
  1.7e12,
  1e16,
  -1.5,
  -62_135_596_800,
];

const STRINGS = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  'null',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\u0000',
  'a\u0000b',
  '\u001b[2J',
  '\u202e',
  '\ud83d\ude00',
  'x'.repeat(70_000),
  '../../etc/passwd',
  'file:///\u0000',
  'http://[',
  '%ff%',
  "'; DROP TABLE chunks; --",
  '<img src=x onerror=alert(1)>',
  '{"a":1}',
  '2026-11-20T10:00:00Z',
  '0000-00-00T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
];

export const HOSTILE_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'length', 'toJSON', 'then', '', '0'];

export function hostileValue(dice: Dice): Json {
  switch (dice.below(6)) {
    case 0:
      return dice.pick<Json>([null, true, false, [], {}, [[]], [null], { a: null }]);
    case 1:
    case 2:
      return dice.pick(NUMBERS);
    case 3:
    case 4:
      return dice.pick(STRINGS);
    default:
      return `${MARK}${dice.below(RAW_TEXTS.length)}`;
  }
}

export const jsonText = (value: Json): string =>
  JSON.stringify(value).replace(new RegExp(`"${MARK}(\\d+)"`, 'g'), (_, index) => RAW_TEXTS[index] ?? '');
