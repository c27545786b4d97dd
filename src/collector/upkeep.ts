import { setTimeout as delay } from 'node:timers/promises';
import type { ProfileStore } from '../store/profile-store.ts';
import type { Deleted, Retention } from '../store/retention.ts';
import type { UpkeepAnswer } from './api-types.ts';
import { rollUpSettled } from './roll-up-settled.ts';

/** Chunks and spans of a time arrive up to a minute and a half after it; sooner, the work would soon be undone. */
const SETTLED_AFTER_MICROS = 90e6;
/** Between two looks for work, milliseconds. */
const PERIOD_MS = 10_000;

/** What a collector does in the background: sums up what is old enough, and deletes what is too old. */
export class Upkeep {
  readonly #store: ProfileStore;
  readonly #retention: Retention;
  readonly #isBusy: () => boolean;
  readonly #report: (error: unknown) => void;
  readonly #deleted: Deleted = { chunks: 0, spans: 0, bytes: 0 };
  #task: UpkeepAnswer['task'] = null;
  #rolledUp = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  #restedMs = 0;

  /** @param isBusy whether somebody waits for this process */
  constructor(store: ProfileStore, retention: Retention, isBusy: () => boolean, report: (error: unknown) => void) {
    this.#store = store;
    this.#retention = retention;
    this.#isBusy = isBusy;
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

  /** How far it is. Rejects with `NP_STORE`. */
  async progress(): Promise<UpkeepAnswer> {
    const waiting = await this.#store.rollups.stale(settledMicros(), MOST_COUNTED);
    return { task: this.#task, rolledUp: this.#rolledUp, toRollUp: waiting.length, deleted: { ...this.#deleted } };
  }

  #look(): void {
    this.#running ??= this.#work()
      .catch(this.#report)
      .finally(() => {
        this.#task = null;
        this.#running = undefined;
      });
  }

  async #work(): Promise<void> {
    this.#task = 'deleting';
    const { chunks, spans, bytes } = await this.#store.retain(this.#retention, () => this.#stopped);
    this.#deleted.chunks += chunks;
    this.#deleted.spans += spans;
    this.#deleted.bytes += bytes;
    this.#task = 'rolling up';
    this.#restedMs = performance.now();
    await rollUpSettled(this.#store, settledMicros(), {
      isStopped: () => this.#stopped,
      kept: () => {
        this.#rolledUp += 1;
      },
      rest: () => this.#rest(),
    });
  }

  async #rest(): Promise<void> {
    if (this.#isBusy()) await delay(REST * (performance.now() - this.#restedMs));
    this.#restedMs = performance.now();
  }
}

/** As long as somebody waits, a quarter of the time. */
const REST = 3;

const MOST_COUNTED = 100_000;

const settledMicros = (): number => Date.now() * 1e3 - SETTLED_AFTER_MICROS;
