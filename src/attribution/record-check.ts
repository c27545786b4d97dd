/** Fewer samples than this are too few to judge by. */
const FEWEST_EXPECTED = 20;
/**
 * Share of the expected records below which they are missing. A process that is throttled gets fewer samples, too, and
 * those it gets have their record.
 */
const FEWEST_FOUND = 0.1;

/**
 * Notices when samples come without records. V8 samples idle threads, too, so their number is known beforehand; if there
 * are far fewer records, somebody else's signal handler has taken the place of ours.
 */
export class RecordCheck {
  #intervalMicros = 1;
  #tickingSince = 0;
  #expected = 0;
  #records = 0;

  started(sampleMicros: number, intervalMicros: number): void {
    this.#tickingSince = sampleMicros;
    this.#intervalMicros = intervalMicros;
  }

  stopped(sampleMicros: number): void {
    this.#expected += (sampleMicros - this.#tickingSince) / this.#intervalMicros;
  }

  found(): void {
    this.#records++;
  }

  /** Whether most records are missing since the last call. */
  take(): boolean {
    const missing = this.#expected >= FEWEST_EXPECTED && this.#records < this.#expected * FEWEST_FOUND;
    this.#expected = 0;
    this.#records = 0;
    return missing;
  }
}
