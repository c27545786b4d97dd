import type { IncomingMessage } from 'node:http';
import { bodyCutOff, bodyTooLarge } from '../errors.ts';

/** The bytes of a request as they came over the wire. Rejects with `NP_BODY_TOO_LARGE` or `NP_BODY_CUT_OFF`. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    // The stream is kept when we leave early: the rest is discarded before the answer.
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

/**
 * Reads what is left of a body and throws it away, up to a limit. A client that is cut off in the middle of its sending
 * sees a broken connection and not the answer that explains it.
 */
export async function discardBody(request: IncomingMessage, limitBytes: number): Promise<void> {
  let size = 0;
  try {
    for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      size += part.byteLength;
      if (size > limitBytes) return;
    }
  } catch {
    // The client went away; there is nobody left to answer.
  }
}
