import type { IncomingMessage } from 'node:http';
import { bodyCutOff, bodyTooLarge } from '../errors.ts';

/** The bytes of a request as they came over the wire. Rejects with `NP_BODY_TOO_LARGE` or `NP_BODY_CUT_OFF`. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    // The stream is kept when we leave early, or the answer that explains it would have no socket left.
    for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      size += part.byteLength;
      if (size > limitBytes) break;
      parts.push(part);
    }
  } catch (error) {
    throw bodyCutOff(error);
  }
  if (size > limitBytes) throw bodyTooLarge('the body', limitBytes);
  return Buffer.concat(parts);
}
