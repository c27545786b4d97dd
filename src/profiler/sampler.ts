import type { ChunkMeta, Cut, SamplingBinding, SerializedChunk } from '../../native/binding.ts';
import type { Beginning, ChunkContext, SampleWitness } from './chunk-context.ts';

/** How long ticking goes on when nothing needs it. Stopping and starting costs as much as some ten ticks. */
const REST_AFTER_MS = 50;
/** The same for one that has not settled and had slept for longer before: so far nothing says that more will come soon. */
const REST_EARLY_AFTER_MS = 15;
/** When a shortened first interval gives way to the real one. */
const SETTLE_AFTER_MS = 25;
/** V8's sampler cannot be asked for less in earnest. */
const SHORTEST_INTERVAL_MICROS = 1_000;
/** Share of the interval that counts until then: a request alone is short as a rule, and is to be seen finely. */
const EARLY_INTERVAL = 0.5;

/** What the sampler tells its owner about its timers. */
export interface SamplerEvents {
  /** It fell asleep by itself. */
  slept(): void;
  /** The binding threw; the sampler is asleep. */
  failed(error: unknown): void;
}

/**
 * Ticks while there is something to see. A process that serves a request a second then pays for the request, not for
 * the second: at 99 Hz an idle thread costs about a hundredth of a core.
 *
 * V8 takes its first sample one whole interval after a start, so work that is shorter than that and begins with the
 * start would never be seen. Therefore the first interval after a wake is cut to a random part of itself: work of a
 * tenth of it is then seen by every tenth wake, as it should be.
 *
 * Methods throw what the binding throws.
 */
export class Sampler {
  readonly #binding: SamplingBinding;
  /** Takes effect at the next start: a chunk has one interval, so it is only set when a chunk is cut. */
  intervalMicros: number;
  readonly #witness: SampleWitness;
  #ticking = false;
  #restTimer: NodeJS.Timeout | undefined;
  #settleTimer: NodeJS.Timeout | undefined;
  /** Whether it ticks at the real interval, and no longer at a shortened first one. */
  #settled = false;
  /** Whether it was about to sleep, since its start, and something needed it. */
  #neededAgain = false;
  /** When it was last told that nothing needs it. */
  #restingSinceMs = Number.NEGATIVE_INFINITY;
  /** Whether it would not have slept before its start, had it waited as long as a settled one. */
  #wokenSoon = false;
  readonly #events: SamplerEvents;
  #tickingSinceMs = 0;
  #tickedMs = 0;
  /** Profiles that the next chunk is made of, the running one included. */
  #parts = 0;

  constructor(binding: SamplingBinding, intervalMicros: number, witness: SampleWitness, events: SamplerEvents) {
    this.#binding = binding;
    this.intervalMicros = intervalMicros;
    this.#witness = witness;
    this.#events = events;
  }

  get ticking(): boolean {
    return this.#ticking;
  }

  /** Profiles that V8 holds for the next chunk. */
  get parts(): number {
    return this.#parts;
  }

  /** How long it ticked since the last chunk. */
  get tickedMs(): number {
    return this.#tickedMs + (this.#ticking ? performance.now() - this.#tickingSinceMs : 0);
  }

  wake(): void {
    if (this.#restTimer !== undefined) this.#neededAgain = true;
    clearTimeout(this.#restTimer);
    this.#restTimer = undefined;
    if (!this.#ticking) {
      this.#settled = false;
      this.#neededAgain = false;
      this.#wokenSoon = performance.now() - this.#restingSinceMs < REST_AFTER_MS;
      const early = Math.ceil(this.intervalMicros * EARLY_INTERVAL);
      const shortest = Math.min(SHORTEST_INTERVAL_MICROS, early);
      this.#start(Math.max(shortest, Math.ceil(Math.random() * early)), { afterSleep: true, intervalMicros: early });
    }
    if (!this.#settled) this.#settleTimer ??= this.#later(() => this.#settle(), SETTLE_AFTER_MS);
  }

  /** Sleeps soon, unless it is woken before. */
  rest(): void {
    if (!this.#ticking || this.#restTimer !== undefined) return;
    this.#restingSinceMs = performance.now();
    const delayMs = this.#settled || this.#wokenSoon ? REST_AFTER_MS : REST_EARLY_AFTER_MS;
    this.#restTimer = this.#later(() => {
      this.sleep();
      this.#events.slept();
    }, delayMs);
  }

  sleep(): void {
    this.#clearTimers();
    if (this.#ticking) this.#pause();
  }

  /**
   * Makes a chunk of what was sampled since the last one; only with `parts`. Goes on ticking if it did and may.
   *
   * @param metaOf called while nothing ticks, so that it can tell of every sample
   */
  cut(metaOf: (context: ChunkContext) => ChunkMeta, mayGoOn: boolean): Cut {
    const goesOn = this.#ticking && mayGoOn;
    this.#clearSettle();
    if (!goesOn) this.#clearTimers();
    if (this.#ticking) this.#pause();
    this.#parts = 0;
    this.#tickedMs = 0;
    const meta = metaOf(this.#witness.takeChunk());
    const cut = this.#binding.cut(meta, goesOn ? this.intervalMicros : 0);
    if (goesOn && cut.startError === '') this.#started(this.#goingOn);
    this.#settled = goesOn;
    return cut;
  }

  /** For a process that is ending: stops, and hands out every chunk that was not, the running one included. */
  finish(metaOf: (context: ChunkContext) => ChunkMeta, timeoutMs: number): SerializedChunk[] {
    this.#clearTimers();
    if (this.#ticking) this.#pause();
    const meta = this.#parts > 0 ? metaOf(this.#witness.takeChunk()) : null;
    this.#parts = 0;
    return this.#binding.finish(meta, timeoutMs);
  }

  /** The same where nobody wants the chunks. */
  halt(): void {
    this.sleep();
    this.#binding.finish(null, 0);
  }

  /** Replaces V8's profiler; false if that must wait. Ticking goes on if it did. */
  recreate(): boolean {
    const ticked = this.#ticking;
    this.#stopped();
    this.#parts = 0;
    this.#tickedMs = 0;
    const recreated = this.#binding.recreate();
    if (ticked) this.#start(this.intervalMicros, { ...this.#goingOn, afterSleep: true });
    this.#settled = ticked;
    return recreated;
  }

  get #goingOn(): Beginning {
    return { afterSleep: false, intervalMicros: this.intervalMicros };
  }

  #start(tickMicros: number, beginning: Beginning): void {
    this.#binding.start(tickMicros);
    this.#started(beginning);
  }

  #started(beginning: Beginning): void {
    this.#ticking = true;
    this.#tickingSinceMs = performance.now();
    this.#parts++;
    this.#witness.started(beginning);
  }

  #pause(): void {
    this.#stopped();
    this.#binding.pause();
    this.#witness.stopped();
  }

  #stopped(): void {
    if (this.#ticking) this.#tickedMs += performance.now() - this.#tickingSinceMs;
    this.#ticking = false;
  }

  #settle(): void {
    this.#settleTimer = undefined;
    // After a single piece of work it sleeps soon. Where one short piece follows another, nothing needs it whenever a timer runs.
    const sleepsSoon = this.#restTimer !== undefined && !this.#neededAgain;
    if (!this.#ticking || sleepsSoon) return;
    this.#pause();
    this.#start(this.intervalMicros, this.#goingOn);
    this.#settled = true;
  }

  #clearSettle(): void {
    clearTimeout(this.#settleTimer);
    this.#settleTimer = undefined;
  }

  #clearTimers(): void {
    this.#clearSettle();
    clearTimeout(this.#restTimer);
    this.#restTimer = undefined;
  }

  #later(act: () => void, delayMs: number): NodeJS.Timeout {
    const guarded = (): void => {
      try {
        act();
      } catch (error) {
        this.#stopped();
        this.#clearTimers();
        this.#events.failed(error);
      }
    };
    return setTimeout(guarded, delayMs).unref();
  }
}
