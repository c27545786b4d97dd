import type { EnvelopeLike, SentryClient } from '../engine.ts';
import { decodeEnvelope } from '../envelope/decode.ts';
import type { SpoolFolder } from '../spool/spool-folder.ts';
import type { TransportAnswer } from './rate-limit.ts';

/** A process that has just started has better things to do. */
const DELAY_MS = 1_000;

/** As Sentry would answer what is no envelope. */
const DAMAGED = 400;

/** Sends what earlier processes left, one envelope after the other, and stops at the first that does not get through. */
export function sendSpooled(client: SentryClient, spool: SpoolFolder): void {
  setTimeout(() => void sendNext(client, spool).catch(() => {}), DELAY_MS).unref();
}

async function sendNext(client: SentryClient, spool: SpoolFolder): Promise<void> {
  const claimed = client.getTransport() ? spool.claim() : undefined;
  if (claimed === undefined) return;
  const envelope = envelopeOf(claimed.bytes);
  const status = envelope === null ? DAMAGED : await statusOf(client, envelope);
  // What is refused for what it is will be refused again.
  const isSettled = status !== undefined && status < 500 && status !== 429;
  if (!isSettled) return claimed.release();
  claimed.remove();
  return sendNext(client, spool);
}

/** `undefined` if nobody answered. */
async function statusOf(client: SentryClient, envelope: EnvelopeLike): Promise<number | undefined> {
  try {
    return ((await client.sendEnvelope(envelope)) as TransportAnswer | undefined)?.statusCode;
  } catch {
    return undefined;
  }
}

/** `null` if it is none. */
function envelopeOf(bytes: Uint8Array): EnvelopeLike | null {
  try {
    const { header, items } = decodeEnvelope(bytes);
    // Sentry takes the time since then for the difference of two clocks, and corrects every timestamp by it.
    const headers = { ...header, sent_at: new Date().toISOString() };
    return [headers, items.map(({ header, payload }) => [{ ...header }, payload])];
  } catch {
    return null;
  }
}
