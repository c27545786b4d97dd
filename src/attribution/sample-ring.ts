/** Doubles per record: see `native/sample-context.h`. */
const RECORD_LENGTH = 5;
const HEADER_LENGTH = 1;
/** The ring is read at every span's end and at every cut; this is for the longest chunk without either. */
const LONGEST_SILENCE_MICROS = 60e6;
const MOST_RECORDS = 65_536;

/** What the signal handler wrote beside one sample. Times in microseconds. */
export interface SampleRecord {
  /** The sample was taken between these, sample clock. */
  since: number;
  until: number;
  /** CPU time of the thread before and after the signal was handled. */
  cpuBefore: number;
  cpuAfter: number;
  /** 0 if no span was running. */
  slot: number;
}

/** The memory that the signal handler writes records to, and a reader of it. Both belong to one thread. */
export class SampleRing {
  readonly memory: Float64Array;
  readonly #capacity: number;
  #read = 0;
  #lost = 0;

  constructor(intervalMicros: number) {
    const needed = Math.ceil(LONGEST_SILENCE_MICROS / intervalMicros);
    this.#capacity = Math.min(MOST_RECORDS, 2 ** Math.ceil(Math.log2(needed)));
    this.memory = new Float64Array(HEADER_LENGTH + this.#capacity * RECORD_LENGTH);
  }

  /** Records since the last call that were overwritten before they were read. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  /** Hands every new record to `use`, in order of time. The object is reused. */
  drain(use: (record: SampleRecord) => void): void {
    const written = this.memory[0] as number;
    // Called at the end of every span, and most see no sample.
    if (written === this.#read) return;
    const oldest = written - this.#capacity;
    if (this.#read < oldest) {
      this.#lost += oldest - this.#read;
      this.#read = oldest;
    }
    const record: SampleRecord = { since: 0, until: 0, cpuBefore: 0, cpuAfter: 0, slot: 0 };
    for (; this.#read < written; this.#read++) {
      const at = HEADER_LENGTH + (this.#read % this.#capacity) * RECORD_LENGTH;
      record.since = this.memory[at] as number;
      record.until = this.memory[at + 1] as number;
      record.cpuBefore = this.memory[at + 2] as number;
      record.cpuAfter = this.memory[at + 3] as number;
      record.slot = this.memory[at + 4] as number;
      use(record);
    }
  }
}
