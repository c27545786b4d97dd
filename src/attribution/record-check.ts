/** Fewer samples than this are too few to judge by. */
const FEWEST_EXPECTED = 20;
/**
 * Share of the expected records below which they are missing. A process that is throttled gets fewer samples, too, and
 * those it gets have their record.
 */
const FEWEST_FOUND = 0.1;
/** So many intervals' worth of CPU time prove that the thread was not just frozen with its process. */
const FEWEST_AT_WORK = 3;

/**
 * Notices when samples come without records. V8 samples idle threads, too, so their number is known beforehand; if there
 * are far fewer records, somebody else's signal handler has taken the place of ours; or the process was frozen, which takes
 * time and no CPU.
 */
export class RecordCheck {
  #intervalMicros = 1;
  #tickingSince = 0;
  #cpuSince = 0;
  #expected = 0;
  /** The same by the thread's CPU time. */
  #expectedAtWork = 0;
  #records = 0;

  started(sampleMicros: number, cpuMicros: number, intervalMicros: number): void {
    this.#tickingSince = sampleMicros;
    this.#cpuSince = cpuMicros;
    this.#intervalMicros = intervalMicros;
  }

  stopped(sampleMicros: number, cpuMicros: number): void {
    this.#expected += (sampleMicros - this.#tickingSince) / this.#intervalMicros;
    this.#expectedAtWork += (cpuMicros - this.#cpuSince) / this.#intervalMicros;
  }

  found(): void {
    this.#records++;
  }

  /** Whether most records are missing since the last call. */
  take(): boolean {
    const missing = this.#lacks(this.#expected, FEWEST_EXPECTED) && this.#lacks(this.#expectedAtWork, FEWEST_AT_WORK);
    this.#expected = 0;
    this.#expectedAtWork = 0;
    this.#records = 0;
    return missing;
  }

  #lacks(expected: number, fewest: number): boolean {
    return expected >= fewest && this.#records < expected * FEWEST_FOUND;
  }
}
