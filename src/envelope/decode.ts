import { malformedEnvelope } from '../errors.ts';
import { FieldError, shown } from '../profile/fields.ts';
import { parseJson } from '../profile/parse-json.ts';
import type { Envelope, EnvelopeItem, ItemHeader } from './types.ts';

const NEWLINE = 10;
/** An item is two newlines at least, so a body of a few megabytes could make millions of objects. */
const MAX_ITEMS = 10_000;

/**
 * Splits an envelope into its items. Payloads are views of `bytes`, not copies. Newlines after the last item are
 * tolerated, a payload may be empty, and the last one may end with the body.
 *
 * Throws `NP_ENVELOPE` with the item's index (from 0) and the byte offset of what is wrong.
 */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  const end = lineEnd(bytes, 0);
  if (end === 0) throw malformedEnvelope('the header line is empty', { offset: 0 });
  const header = jsonObject(bytes.subarray(0, end), { offset: 0 });
  const items: EnvelopeItem[] = [];
  let offset = end + 1;
  while (offset < bytes.length && !onlyNewlines(bytes, offset)) {
    if (items.length === MAX_ITEMS) {
      throw malformedEnvelope(`more than ${MAX_ITEMS} items`, { item: items.length, offset });
    }
    const [item, next] = decodeItem(bytes, offset, items.length);
    items.push(item);
    offset = next;
  }
  return { header, items };
}

function decodeItem(bytes: Uint8Array, offset: number, index: number): [EnvelopeItem, next: number] {
  const headerEnd = lineEnd(bytes, offset);
  const header = itemHeader(jsonObject(bytes.subarray(offset, headerEnd), { item: index, offset }), index, offset);
  const start = Math.min(headerEnd + 1, bytes.length);
  if (header.length === undefined) {
    const end = lineEnd(bytes, start);
    return [{ header, payload: bytes.subarray(start, end) }, end + 1];
  }
  const end = start + header.length;
  if (end > bytes.length) {
    const problem = `length is ${header.length} but only ${bytes.length - start} bytes follow`;
    throw malformedEnvelope(problem, { item: index, offset: start });
  }
  if (end < bytes.length && bytes[end] !== NEWLINE) {
    const problem = `no newline after a payload of length ${header.length}`;
    throw malformedEnvelope(problem, { item: index, offset: end });
  }
  return [{ header, payload: bytes.subarray(start, end) }, end + 1];
}

function itemHeader(header: Record<string, unknown>, item: number, offset: number): ItemHeader {
  const { type, length } = header;
  if (typeof type !== 'string' || type === '') {
    throw malformedEnvelope("the item's header has no type", { item, offset });
  }
  if (length === null || length === undefined) {
    const { length: _, ...rest } = header;
    return { ...rest, type };
  }
  if (!Number.isSafeInteger(length) || (length as number) < 0) {
    throw malformedEnvelope(`length must be a number of bytes, found ${shown(length)}`, { item, offset });
  }
  return { ...header, type, length: length as number };
}

function jsonObject(line: Uint8Array, where: { item?: number; offset: number }): Record<string, unknown> {
  const what = where.item === undefined ? 'the envelope header' : "the item's header";
  let value: unknown;
  try {
    value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch (error) {
    throw malformedEnvelope(`${what} is ${error instanceof FieldError ? 'nested too deeply' : 'not JSON'}`, where);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformedEnvelope(`${what} is not an object`, where);
  }
  return value as Record<string, unknown>;
}

function lineEnd(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(NEWLINE, from);
  return end === -1 ? bytes.length : end;
}

function onlyNewlines(bytes: Uint8Array, from: number): boolean {
  for (let index = from; index < bytes.length; index++) if (bytes[index] !== NEWLINE) return false;
  return true;
}
