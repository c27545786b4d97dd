import { describe, expect, test } from 'vitest';
import { decodeEnvelope } from '../../src/envelope/decode.ts';
import { encodeEnvelope } from '../../src/envelope/encode.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (payload: Uint8Array) => new TextDecoder().decode(payload);
const decoded = (envelope: string) =>
  decodeEnvelope(bytes(envelope)).items.map(({ header, payload }) => [header.type, text(payload)]);

describe('every shape that the format allows is read', () => {
  test.each<[string, string, [string, string][]]>([
    ['no items', '{}', []],
    ['no items, a newline', '{}\n', []],
    ['no items, many newlines', '{}\n\n\n', []],
    ['a payload to the newline', '{}\n{"type":"a"}\n{"x":1}\n', [['a', '{"x":1}']]],
    ['a payload to the end of the body', '{}\n{"type":"a"}\n{"x":1}', [['a', '{"x":1}']]],
    ['newlines after the last item', '{}\n{"type":"a"}\nx\n\n\n', [['a', 'x']]],
    ['a length', '{}\n{"type":"a","length":3}\nx\ny\n', [['a', 'x\ny']]],
    ['a length, no newline at the end', '{}\n{"type":"a","length":3}\nx\ny', [['a', 'x\ny']]],
    ['a length of null', '{}\n{"type":"a","length":null}\nx', [['a', 'x']]],
    [
      'an empty payload without length',
      '{}\n{"type":"a"}\n\n{"type":"b"}\ny',
      [
        ['a', ''],
        ['b', 'y'],
      ],
    ],
    [
      'an empty payload with length',
      '{}\n{"type":"a","length":0}\n\n{"type":"b"}\ny',
      [
        ['a', ''],
        ['b', 'y'],
      ],
    ],
    ['an empty payload at the end', '{}\n{"type":"a","length":0}', [['a', '']]],
    [
      'a length in bytes, not letters',
      '{}\n{"type":"a","length":4}\n☃!\n{"type":"b"}\n',
      [
        ['a', '☃!'],
        ['b', ''],
      ],
    ],
    ['lines that end in CR LF', '{}\r\n{"type":"a","length":1}\r\nx\n', [['a', 'x']]],
  ])('%s', (_, envelope, items) => {
    expect(decoded(envelope)).toEqual(items);
  });

  test('what was encoded is decoded to the same bytes, newlines and all', () => {
    const payload = Uint8Array.from({ length: 1_024 }, (_, index) => index % 256);
    const items = [
      { header: { type: 'profile_chunk', platform: 'node' }, payload },
      { header: { type: 'empty', length: 99 }, payload: new Uint8Array() },
    ];
    const envelope = decodeEnvelope(encodeEnvelope({ header: { event_id: 'e' }, items }));
    expect(envelope.header).toEqual({ event_id: 'e' });
    expect(envelope.items.map(({ header }) => header)).toEqual([
      { type: 'profile_chunk', platform: 'node', length: 1_024 },
      { type: 'empty', length: 0 },
    ]);
    expect(Buffer.from(envelope.items[0]?.payload ?? []).equals(payload)).toBe(true);
  });
});

describe('a malformed envelope is refused with what is wrong and where', () => {
  test.each<[string, string, RegExp]>([
    ['nothing at all', '', /header line is empty \(header, byte 0\)/],
    ['an empty first line', '\n{"type":"a"}\nx', /header line is empty/],
    ['a header that is no JSON', 'hello\n', /envelope header is not JSON \(header, byte 0\)/],
    ['a header that is an array', '[]\n', /envelope header is not an object/],
    ['a header that is null', 'null\n', /envelope header is not an object/],
    ['an item header that is no JSON', '{}\nx\n', /item's header is not JSON \(item 0, byte 3\)/],
    ['an item header that is a number', '{}\n3\n', /item's header is not an object \(item 0, byte 3\)/],
    ['an item without type', '{}\n{}\nx', /has no type \(item 0, byte 3\)/],
    ['a numeric type', '{}\n{"type":1}\nx', /has no type/],
    [
      'a blank line between items',
      '{}\n{"type":"a"}\nx\n\n{"type":"b"}\ny',
      /item's header is not JSON \(item 1, byte 18\)/,
    ],
    ['a negative length', '{}\n{"type":"a","length":-1}\n', /length must be a number of bytes, found -1/],
    ['a fractional length', '{}\n{"type":"a","length":1.5}\nxx', /found 1.5/],
    ['a text length', '{}\n{"type":"a","length":"1"}\nx', /found "1"/],
    [
      'a length beyond the body',
      '{}\n{"type":"a","length":9}\nabc',
      /length is 9 but only 3 bytes follow \(item 0, byte 27\)/,
    ],
    ['a length beyond a body without payload', '{}\n{"type":"a","length":9}', /only 0 bytes follow/],
    [
      'a length that ends inside the payload',
      '{}\n{"type":"a","length":1}\nabc\n',
      /no newline after a payload of length 1 \(item 0, byte 28\)/,
    ],
  ])('%s', (_, envelope, problem) => {
    expect(() => decoded(envelope)).toThrow(
      expect.objectContaining({ code: 'NP_ENVELOPE', message: expect.stringMatching(problem) }),
    );
  });

  test('a header that is not UTF-8', () => {
    expect(() => decodeEnvelope(Uint8Array.of(0xff, 0xfe, 10))).toThrow(/not JSON/);
  });

  test('more items than anyone sends', () => {
    expect(() => decoded(`{}\n${'{"type":"a"}\n\n'.repeat(10_001)}`)).toThrow(/more than 10000 items \(item 10000/);
  });
});
