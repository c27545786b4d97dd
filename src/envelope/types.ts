/** Header of one item. `length` is the payload's size in bytes; without it the payload ends at the next newline. */
export interface ItemHeader {
  type: string;
  length?: number;
  [key: string]: unknown;
}

export interface EnvelopeItem {
  header: ItemHeader;
  payload: Uint8Array;
}

/** https://develop.sentry.dev/sdk/data-model/envelopes/ */
export interface Envelope {
  header: Record<string, unknown>;
  items: EnvelopeItem[];
}
