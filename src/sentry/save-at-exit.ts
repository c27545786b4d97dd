import { warnOnce } from '../diagnostics.ts';
import type { EnvelopeLike, SentryClient } from '../engine.ts';
import { encodeEnvelope } from '../envelope/encode.ts';
import { messageOf } from '../errors.ts';
import type { SpoolFolder } from '../spool/spool-folder.ts';

/** What belongs to a profile: the chunk, and the spans by which it is read. */
const SPOOLED = new Set(['profile_chunk', 'transaction', 'span']);

interface Transport {
  send(envelope: EnvelopeLike): PromiseLike<unknown>;
}

/** What is left of profiling when the process ends. */
export interface Leftovers {
  /** Ends the profiler and returns the envelopes of chunks that were not sent. */
  chunks(): EnvelopeLike[];
  /** False once the client was replaced. */
  isCurrent(): boolean;
}

/**
 * Writes what a process that ends has not sent into the spool: chunks, and spans that the SDK still held back. Nothing
 * asynchronous happens any more by then, and nothing here changes how the process ends.
 */
export function saveAtExit(client: SentryClient, spool: SpoolFolder, leftovers: Leftovers): void {
  process.once('exit', () => {
    if (!leftovers.isCurrent()) return;
    try {
      for (const envelope of [...heldBack(client), ...leftovers.chunks()]) save(spool, envelope);
    } catch (error) {
      warnOnce('spool', `the last profile was lost: ${messageOf(error)}`);
    }
  });
}

/** What the SDK hands to its transport when it is asked to flush. The transport itself could send nothing any more. */
function heldBack(client: SentryClient): EnvelopeLike[] {
  const transport = client.getTransport() as Transport | undefined;
  if (transport === undefined) return [];
  const envelopes: EnvelopeLike[] = [];
  transport.send = (envelope) => {
    envelopes.push(envelope);
    return Promise.resolve({});
  };
  client.emit('flush');
  return envelopes;
}

function save(spool: SpoolFolder, [header, all]: EnvelopeLike): void {
  const items = all
    .filter(([{ type }]) => SPOOLED.has(String(type)))
    .map(([itemHeader, payload]) => ({
      header: { ...itemHeader, type: String(itemHeader.type) },
      payload: payload instanceof Uint8Array ? payload : Buffer.from(JSON.stringify(payload)),
    }));
  if (items.length > 0) spool.write(encodeEnvelope({ header, items }));
}
