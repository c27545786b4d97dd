import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import type { LoadedBinding } from '../../native/binding.ts';

/** The first Node whose V8 no longer deadlocks when a garbage collection interrupts the profiler's creation. */
const FIRST_SAFE_NODE = 24;

/** Loads the addon and creates V8's profiler, so that each later start costs a fraction of a millisecond. */
export function createBinding(load: () => LoadedBinding, lazyLogging: boolean): LoadedBinding {
  const loaded = load();
  if (Number.parseInt(process.versions.node, 10) < FIRST_SAFE_NODE) emptyYoungGeneration();
  loaded.binding.create(lazyLogging);
  return loaded;
}

/**
 * Creating the profiler logs every compiled function while V8 holds a lock that a garbage collection wants, too
 * (V8 issue 41497149). The young generation is emptied first, so that what the logging allocates fits without one.
 */
function emptyYoungGeneration(): void {
  // V8's flags are the process's: two threads that change them at a time are in each other's way.
  if (isMainThread) collectYoungGeneration();
  else collectEverything();
}

function collectYoungGeneration(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'minor' });
}

function collectEverything(): void {
  const session = new Session();
  session.connect();
  session.post('HeapProfiler.collectGarbage');
  session.disconnect();
}
