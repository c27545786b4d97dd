import { once } from 'node:events';
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { bodyTooLarge, undecodableBody, unknownEncoding } from '../errors.ts';

const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', zlib.createGunzip],
  ['x-gzip', zlib.createGunzip],
  ['br', zlib.createBrotliDecompress],
  ['deflate', zlib.createInflate],
  // Since Node 22.15.
  ...(zlib.createZstdDecompress === undefined ? [] : [['zstd', zlib.createZstdDecompress] as const]),
]);

/** What this runtime can decode. */
export const encodings = (): string[] => [...DECODERS.keys()];

/** Throws `NP_ENCODING` unless `encoding` (the value of a `content-encoding` header) can be decoded here. */
export function checkEncoding(encoding: string | undefined): void {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name !== '' && name !== 'identity' && !DECODERS.has(name)) throw unknownEncoding(name, encodings());
}

/**
 * Decodes a whole body. The limit holds while decoding: a small body that would unpack to gigabytes is given up on at
 * the limit, not after it.
 *
 * Throws `NP_ENCODING`, `NP_BODY` (damaged or cut off) or `NP_BODY_TOO_LARGE`.
 *
 * @param limitBytes the largest decoded size
 */
export async function decodeBody(
  body: Uint8Array,
  encoding: string | undefined,
  limitBytes: number,
): Promise<Uint8Array> {
  checkEncoding(encoding);
  const name = encoding?.trim().toLowerCase() ?? '';
  const create = DECODERS.get(name);
  if (create === undefined) {
    if (body.byteLength > limitBytes) throw bodyTooLarge('the body', limitBytes);
    return body;
  }
  const decoder = create();
  const parts: Uint8Array[] = [];
  let size = 0;
  let tooLarge = false;
  decoder.on('data', (part: Uint8Array) => {
    size += part.byteLength;
    if (size <= limitBytes) parts.push(part);
    else if (!tooLarge) {
      tooLarge = true;
      decoder.destroy();
    }
  });
  try {
    decoder.end(body);
    await Promise.race([once(decoder, 'end'), once(decoder, 'close')]);
  } catch (error) {
    throw undecodableBody(name, error);
  }
  if (tooLarge) throw bodyTooLarge('the decompressed body', limitBytes);
  return Buffer.concat(parts);
}
