import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { bodyTooLarge, undecodableBody, unknownEncoding } from '../errors.ts';

type Decoder = (body: Uint8Array, limits: { maxOutputLength: number; chunkSize: number }) => Promise<Uint8Array>;

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', promisify(zlib.gunzip)],
  ['x-gzip', promisify(zlib.gunzip)],
  ['br', promisify(zlib.brotliDecompress)],
  ['deflate', promisify(zlib.inflate)],
  // Since Node 22.15.
  ...(zlib.zstdDecompress === undefined ? [] : [['zstd', promisify(zlib.zstdDecompress)] as const]),
]);

/** What is decoded between two looks at the limit, bytes: each look is a way to another thread and back. */
const CHUNK_BYTES = 256 * 1024;

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
  const decode = DECODERS.get(name);
  if (decode === undefined) {
    if (body.byteLength > limitBytes) throw bodyTooLarge('the body', limitBytes);
    return body;
  }
  try {
    return await decode(body, { maxOutputLength: limitBytes, chunkSize: Math.min(CHUNK_BYTES, limitBytes + 64) });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw bodyTooLarge('the decompressed body', limitBytes);
    }
    throw undecodableBody(name, error);
  }
}
