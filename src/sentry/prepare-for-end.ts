import type { EnvelopeLike, SentryClient } from '../engine.ts';
import type { SpoolFolder } from '../spool/spool-folder.ts';
import { flushOnSignal } from './flush-on-signal.ts';
import { saveAtExit } from './save-at-exit.ts';
import { UnansweredEnvelopes } from './unanswered-envelopes.ts';

/**
 * Has what there is sent when the process is asked to end, and what is left then written to the spool.
 *
 * @param lastChunks ends the profiler and returns what nobody was handed
 * @param halt ends the profiler
 * @returns a function that undoes this
 */
export function prepareForEnd(
  client: SentryClient,
  spool: SpoolFolder | undefined,
  lastChunks: () => EnvelopeLike[],
  halt: () => void,
): () => void {
  const undo = [flushOnSignal(() => void client.flush().then(undefined, () => {}))];
  if (spool !== undefined) {
    const unanswered = new UnansweredEnvelopes(client);
    undo.push(saveAtExit(spool, () => [...lastChunks(), ...unanswered.takeAll()]));
  }
  if (process.platform === 'win32') undo.push(haltAtExit(halt));
  return () => {
    for (const back of undo) back();
  };
}

/**
 * On Windows V8's sampler thread suspends this one for each sample. The end of a process takes all other threads away: in the
 * middle of a sample nobody is left to let this one go on, and the process never ends.
 */
function haltAtExit(halt: () => void): () => void {
  process.once('exit', halt);
  return () => void process.off('exit', halt);
}
