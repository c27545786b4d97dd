import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import type { Binding, LoadedBinding } from '../../native/binding.ts';
import { messageOf } from '../errors.ts';

/** The first Node whose V8 no longer deadlocks when a garbage collection interrupts the profiler's creation. */
const FIRST_SAFE_NODE = 24;

/** A binding whose profiler is there. */
export interface CreatedBinding {
  readonly binding: Binding;
  /** The addon; `null` if the binding does without. */
  readonly addon: Omit<LoadedBinding, 'binding'> | null;
  /** Why it does without, and what that costs. */
  readonly fallbackReason: string | null;
}

const PRICE =
  'which samples an idle process, too, and stops the main thread for tens of milliseconds or more at the end of each chunk';

/**
 * Creates V8's profiler, so that each later start costs a fraction of a millisecond: through the addon, or else through
 * `fallback`. Throws if neither can.
 */
export function createBinding(
  load: () => LoadedBinding,
  fallback: () => Binding,
  lazyLogging: boolean,
): CreatedBinding {
  if (Number.parseInt(process.versions.node, 10) < FIRST_SAFE_NODE) emptyYoungGeneration();
  try {
    const { binding, ...addon } = load();
    binding.create(lazyLogging);
    return { binding, addon, fallbackReason: null };
  } catch (error) {
    try {
      const binding = fallback();
      binding.create(lazyLogging);
      const fallbackReason = `${messageOf(error)}; profiles through node:inspector instead, ${PRICE}`;
      return { binding, addon: null, fallbackReason };
    } catch (fallbackError) {
      throw new Error(`${messageOf(error)}; nor can it profile through node:inspector: ${messageOf(fallbackError)}`);
    }
  }
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
  const inspector = process.getBuiltinModule?.('node:inspector');
  if (inspector === undefined) return;
  const session = new inspector.Session();
  session.connect();
  session.post('HeapProfiler.collectGarbage');
  session.disconnect();
}
