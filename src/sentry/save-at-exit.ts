import { warnOnce } from '../diagnostics.ts';
import type { EnvelopeLike } from '../engine.ts';
import { encodeEnvelope } from '../envelope/encode.ts';
import { messageOf } from '../errors.ts';
import type { SpoolFolder } from '../spool/spool-folder.ts';

/** What belongs to a profile: the chunk, and the spans by which it is read. */
const SPOOLED = new Set(['profile_chunk', 'transaction', 'span']);

/** An end must not be late. What is left then is lost. */
const TIME_LIMIT_MS = 100;

/**
 * Writes what a process that ends has not sent into the spool. Nothing asynchronous happens any more by then, and nothing
 * here changes how the process ends.
 *
 * @param unsent called when the process ends; what matters most first
 * @returns a function that undoes this
 */
export function saveAtExit(spool: SpoolFolder, unsent: () => EnvelopeLike[]): () => void {
  const save = (): void => {
    try {
      const envelopes = unsent();
      const startedMs = performance.now();
      for (const envelope of envelopes) {
        write(spool, envelope);
        if (performance.now() - startedMs > TIME_LIMIT_MS) return;
      }
    } catch (error) {
      warnOnce('spool', `the last profile could not be kept in ${spool.path}: ${messageOf(error)}`);
    }
  };
  process.once('exit', save);
  return () => void process.off('exit', save);
}

function write(spool: SpoolFolder, [header, all]: EnvelopeLike): void {
  const items = all
    .filter(([{ type }]) => SPOOLED.has(String(type)))
    .map(([itemHeader, payload]) => ({
      header: { ...itemHeader, type: String(itemHeader.type) },
      payload: payload instanceof Uint8Array ? payload : Buffer.from(JSON.stringify(payload)),
    }));
  if (items.length > 0) spool.write(encodeEnvelope({ header, items }));
}
