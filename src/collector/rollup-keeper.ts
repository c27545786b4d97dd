import type { ProfileStore } from '../store/profile-store.ts';
import { rollUp } from './roll-up.ts';

/** Chunks and spans of a time arrive up to a minute and a half after it; sooner, the work would soon be undone. */
const SETTLED_AFTER_MICROS = 90e6;
/** Between two looks for work, milliseconds. */
const PERIOD_MS = 10_000;

/** Sums up what is old enough, in the background, while a collector runs. */
export class RollupKeeper {
  readonly #store: ProfileStore;
  readonly #report: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(store: ProfileStore, report: (error: unknown) => void) {
    this.#store = store;
    this.#report = report;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), PERIOD_MS).unref();
    this.#look();
  }

  /** Resolves when the store is left alone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  #look(): void {
    this.#running ??= rollUpSettled(this.#store, Date.now() * 1e3 - SETTLED_AFTER_MICROS, () => this.#stopped)
      .catch(this.#report)
      .finally(() => {
        this.#running = undefined;
      });
  }
}

/** Sums up all that ended by then and that was written to since it was summed up last. Rejects with `NP_STORE`. */
export async function rollUpSettled(
  store: ProfileStore,
  endedByMicros: number,
  isStopped: () => boolean = () => false,
): Promise<void> {
  for (;;) {
    const starts = await store.rollups.stale(endedByMicros, 100);
    let kept = 0;
    for (const start of starts) {
      if (isStopped()) return;
      if (await rollUp(store, start)) kept += 1;
    }
    // What is written to all the time is for the next look.
    if (kept === 0) return;
  }
}
