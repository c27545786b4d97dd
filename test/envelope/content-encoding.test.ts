import * as zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeBody } from '../../src/envelope/content-encoding.ts';

const BODY = Buffer.from('{}\n{"type":"a"}\n'.repeat(500));
const MIB = 1024 * 1024;

const ENCODERS: [string, (body: Buffer) => Buffer][] = [
  ['gzip', zlib.gzipSync],
  ['GZIP', zlib.gzipSync],
  ['br', zlib.brotliCompressSync],
  ['deflate', zlib.deflateSync],
  ...(zlib.zstdCompressSync === undefined
    ? []
    : ([['zstd', zlib.zstdCompressSync]] as [string, (body: Buffer) => Buffer][])),
];

describe.each(ENCODERS)('%s', (encoding, encode) => {
  test('is decoded', async () => {
    expect(BODY.equals(await decodeBody(encode(BODY), encoding, MIB))).toBe(true);
  });

  test('a body of exactly the limit is taken, one byte more is not', async () => {
    await expect(decodeBody(encode(BODY), encoding, BODY.length)).resolves.toHaveLength(BODY.length);
    await expect(decodeBody(encode(BODY), encoding, BODY.length - 1)).rejects.toMatchObject({
      code: 'NP_BODY_TOO_LARGE',
    });
  });

  test('a small body that unpacks to a huge one is given up on at the limit', async () => {
    const bomb = encode(Buffer.alloc(64 * MIB));
    expect(bomb.length).toBeLessThan(MIB);
    const before = process.memoryUsage.rss();
    await expect(decodeBody(bomb, encoding, MIB)).rejects.toMatchObject({ code: 'NP_BODY_TOO_LARGE' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(32 * MIB);
  });

  test('a body that is cut off or is something else is refused', async () => {
    const whole = encode(BODY);
    const name = encoding.toLowerCase();
    const problem = { code: 'NP_BODY', message: expect.stringContaining(`not valid ${name}`) };
    await expect(decodeBody(whole.subarray(0, whole.length - 4), encoding, MIB)).rejects.toMatchObject(problem);
    await expect(decodeBody(Buffer.from('plain text'), encoding, MIB)).rejects.toMatchObject(problem);
  });
});

test.each([undefined, '', 'identity'])('no encoding (%s) leaves the body as it is', async (encoding) => {
  await expect(decodeBody(BODY, encoding, MIB)).resolves.toBe(BODY);
  await expect(decodeBody(BODY, encoding, 10)).rejects.toMatchObject({ code: 'NP_BODY_TOO_LARGE' });
});

test.each(['lzma', 'gzip, br', 'constructor'])(
  'an unknown encoding (%s) is refused with the known ones',
  async (encoding) => {
    const problem = { code: 'NP_ENCODING', message: expect.stringMatching(/known: gzip/) };
    await expect(decodeBody(BODY, encoding, MIB)).rejects.toMatchObject(problem);
  },
);
