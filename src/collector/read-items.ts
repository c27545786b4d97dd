import type { Envelope, EnvelopeItem } from '../envelope/types.ts';
import { FieldError } from '../profile/fields.ts';
import { type ChunkVerdict, validateChunk } from '../profile/validate-chunk.ts';
import { validateTransactionProfile } from '../profile/validate-transaction-profile.ts';
import { packChunk } from '../store/packed-chunk.ts';
import type { StoredChunk, WriteBatch } from '../store/profile-store.ts';
import type { RefusedItem } from './api-types.ts';
import { readSpanItem, SPAN_CONTENT_TYPE } from './read-span-item.ts';
import { readTransaction } from './read-transaction.ts';

/** An envelope's items, read and judged; nothing is stored yet. Counts are by item type. */
export interface ReadItems {
  batch: WriteBatch;
  accepted: Record<string, number>;
  ignored: Record<string, number>;
  refused: RefusedItem[];
  repairedMeasurements: number;
  /** What was wrong with the attribution of chunks that were taken without it. */
  brokenAttributions: string[];
}

class Refusal extends Error {
  readonly reason: string;

  constructor(reason: string, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** Reads what we keep: `profile_chunk`, `profile`, `transaction` and `span` items. Other types are counted as ignored. */
export function readItems(envelope: Envelope, projectId: string): ReadItems {
  const read: ReadItems = {
    batch: { chunks: [], spans: [] },
    accepted: {},
    ignored: {},
    refused: [],
    repairedMeasurements: 0,
    brokenAttributions: [],
  };
  for (const [index, item] of envelope.items.entries()) {
    const { type } = item.header;
    const readItem = READERS.get(type);
    try {
      readItem?.(item, projectId, read, index);
      if (readItem === undefined) countIgnored(read.ignored, type);
      else count(read.accepted, type);
    } catch (error) {
      read.refused.push({ item: index, type, ...refusalOf(error, type) });
    }
  }
  return read;
}

/** Counts under a key that comes from outside, so `__proto__` must be a key like any other. */
export function count(counts: Record<string, number>, key: string, more = 1): void {
  const before = Object.hasOwn(counts, key) ? (counts[key] ?? 0) : 0;
  Object.defineProperty(counts, key, { value: before + more, enumerable: true, writable: true, configurable: true });
}

/** Of longer names the beginning is enough, and of more types that they are others: anybody can make them up. */
const [LONGEST_TYPE, MOST_TYPES] = [40, 100];

/** Counts what we do not keep under its type. */
export function countIgnored(counts: Record<string, number>, type: string, more = 1): void {
  const key = type.slice(0, LONGEST_TYPE);
  const isKnown = Object.hasOwn(counts, key) || Object.keys(counts).length < MOST_TYPES;
  count(counts, isKnown ? key : 'other', more);
}

type Reader = (item: EnvelopeItem, projectId: string, read: ReadItems, index: number) => void;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    'profile_chunk',
    ({ header, payload }, projectId, read) => {
      if (header.platform !== undefined && typeof header.platform !== 'string') {
        throw new Refusal('profiling_invalid_profile_type', "platform in the item's header must be a string");
      }
      takeChunk(validateChunk(text(payload), header.platform), projectId, read, {});
    },
  ],
  [
    'profile',
    ({ payload }, projectId, read) => {
      const { transaction: name, ...verdict } = validateTransactionProfile(text(payload));
      takeChunk(verdict, projectId, read, { kind: 'transaction', ...(name !== undefined && { name }) });
    },
  ],
  [
    'transaction',
    ({ payload }, projectId, read) => {
      read.batch.spans = read.batch.spans.concat(readTransaction(text(payload), projectId));
    },
  ],
  [
    'span',
    ({ header, payload }, projectId, read, index) => {
      if (header.content_type !== SPAN_CONTENT_TYPE) {
        throw new Refusal('invalid_span', `content_type must be ${SPAN_CONTENT_TYPE}`);
      }
      const { spans, problems } = readSpanItem(text(payload), projectId, header.item_count);
      if (spans.length === 0 && problems.length > 0) throw new Refusal('invalid_span', problems.join('; '));
      for (const detail of problems) read.refused.push({ item: index, type: 'span', reason: 'invalid_span', detail });
      read.batch.spans = read.batch.spans.concat(spans);
    },
  ],
]);

function takeChunk(
  verdict: ChunkVerdict,
  projectId: string,
  read: ReadItems,
  origin: Pick<StoredChunk, 'kind' | 'name'>,
): void {
  if (!verdict.ok) throw new Refusal(verdict.reason, verdict.detail);
  const { samples } = verdict.chunk.profile;
  const micros = (index: number) => Math.round((samples.at(index)?.timestamp ?? 0) * 1e6);
  const times = { startMicros: micros(0), endMicros: micros(-1) };
  read.batch.chunks.push(packChunk({ projectId, ...origin, ...times, chunk: verdict.chunk }));
  read.repairedMeasurements += verdict.repairedMeasurements;
  if (verdict.brokenAttribution !== undefined) read.brokenAttributions.push(verdict.brokenAttribution);
}

function refusalOf(error: unknown, type: string): { reason: string; detail: string } {
  if (error instanceof Refusal) return { reason: error.reason, detail: error.message };
  if (error instanceof FieldError || error instanceof SyntaxError) {
    const reason = type.startsWith('profile') ? 'profiling_invalid_json' : `invalid_${type}`;
    return { reason, detail: error.message };
  }
  throw error;
}

function text(payload: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch {
    throw new FieldError('payload is not UTF-8');
  }
}
