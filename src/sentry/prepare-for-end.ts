import type { EnvelopeLike, SentryClient } from '../engine.ts';
import type { SpoolFolder } from '../spool/spool-folder.ts';
import { flushOnSignal } from './flush-on-signal.ts';
import { saveAtExit } from './save-at-exit.ts';
import { UnansweredEnvelopes } from './unanswered-envelopes.ts';

/**
 * Has what there is sent when the process is asked to end, and what is left then written to the spool.
 *
 * @param lastChunks ends the profiler and returns what nobody was handed
 * @returns a function that undoes this
 */
export function prepareForEnd(
  client: SentryClient,
  spool: SpoolFolder | undefined,
  lastChunks: () => EnvelopeLike[],
): () => void {
  const unfollow = flushOnSignal(() => void client.flush().then(undefined, () => {}));
  if (spool === undefined) return unfollow;
  const unanswered = new UnansweredEnvelopes(client);
  const unsave = saveAtExit(spool, () => [...lastChunks(), ...unanswered.takeAll()]);
  return () => {
    unfollow();
    unsave();
  };
}
