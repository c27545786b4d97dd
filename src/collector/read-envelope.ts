import { decodeBody } from '../envelope/content-encoding.ts';
import { decodeEnvelope } from '../envelope/decode.ts';
import { type ReadItems, readItems } from './read-items.ts';

/** An envelope as it came over the wire. */
export interface WireEnvelope {
  projectId: string;
  body: Uint8Array;
  /** The `content-encoding`. */
  encoding: string | undefined;
  /** Its largest size when decoded. */
  maxBodyBytes: number;
}

/** An envelope that could be read: plain data, which threads can hand to each other. */
export interface ReadEnvelope {
  eventId: string | null;
  items: number;
  read: ReadItems;
}

/** Everything between the wire and the store. Rejects with what `decodeBody` and `decodeEnvelope` throw. */
export async function readEnvelope({ projectId, body, encoding, maxBodyBytes }: WireEnvelope): Promise<ReadEnvelope> {
  const { header, items } = decodeEnvelope(await decodeBody(body, encoding, maxBodyBytes));
  return {
    eventId: typeof header.event_id === 'string' ? header.event_id : null,
    items: items.length,
    read: readItems({ header, items }, projectId),
  };
}
