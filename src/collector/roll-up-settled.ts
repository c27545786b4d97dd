import type { ProfileStore } from '../store/profile-store.ts';
import { rollUp } from './roll-up.ts';

/** How many times are asked for at once. */
const STARTS_AT_ONCE = 100;

/** Sums up all that ended by then and that was written to since it was summed up last. Rejects with `NP_STORE`. */
export async function rollUpSettled(
  store: ProfileStore,
  endedByMicros: number,
  isStopped: () => boolean = () => false,
  onKept: () => void = () => {},
): Promise<void> {
  for (;;) {
    const starts = await store.rollups.stale(endedByMicros, STARTS_AT_ONCE);
    let kept = 0;
    for (const start of starts) {
      if (isStopped()) return;
      if (!(await rollUp(store, start))) continue;
      kept += 1;
      onKept();
    }
    // What is written to all the time is for the next look.
    if (kept === 0) return;
  }
}
