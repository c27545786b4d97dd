import type { Envelope } from './types.ts';

const encoder = new TextEncoder();

/**
 * The bytes of an envelope. Every item gets its `length`, so that a payload may hold newlines; a `length` that the
 * caller set is replaced, because a wrong one would shift everything after it.
 */
export function encodeEnvelope({ header, items }: Envelope): Uint8Array {
  const parts: Uint8Array[] = [encoder.encode(`${JSON.stringify(header)}\n`)];
  for (const { header: item, payload } of items) {
    parts.push(encoder.encode(`${JSON.stringify({ ...item, length: payload.byteLength })}\n`), payload);
    parts.push(encoder.encode('\n'));
  }
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}
