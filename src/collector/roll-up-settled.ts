import type { ProfileStore } from '../store/profile-store.ts';
import type { RollupStore } from '../store/rollup-store.ts';
import { rollUp } from './roll-up.ts';
import { rollUpParts } from './roll-up-parts.ts';

/** How many times are asked for at once. */
const STARTS_AT_ONCE = 100;

interface Watcher {
  isStopped(): boolean;
  /** One more is there. */
  kept(): void;
  /** Is waited for after each piece of the work. */
  rest?(): Promise<void>;
}

const NOBODY: Watcher = { isStopped: () => false, kept: () => {} };

/** Sums up all that ended by then and that was written to since it was summed up last. Rejects with `NP_STORE`. */
export async function rollUpSettled(
  store: ProfileStore,
  endedByMicros: number,
  watcher: Watcher = NOBODY,
): Promise<void> {
  await eachStale(store.rollups, endedByMicros, (start) => rollUp(store, start, watcher.rest), watcher);
  for (let { coarser } = store.rollups; coarser !== null; { coarser } = coarser) {
    const longer = coarser;
    await eachStale(longer, endedByMicros, (start) => rollUpParts(store, longer, start), watcher);
  }
}

async function eachStale(
  rollups: RollupStore,
  endedByMicros: number,
  make: (start: number) => Promise<boolean>,
  { isStopped, kept }: Watcher,
): Promise<void> {
  for (;;) {
    const starts = await rollups.stale(endedByMicros, STARTS_AT_ONCE);
    let made = 0;
    for (const start of starts) {
      if (isStopped()) return;
      if (!(await make(start))) continue;
      made += 1;
      kept();
    }
    // What is written to all the time is for the next look.
    if (made === 0) return;
  }
}
