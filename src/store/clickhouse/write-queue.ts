import { storeBusy } from '../../errors.ts';

interface Waiting<T, R> {
  item: T;
  bytes: number;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

export interface QueueLimits {
  /** What is held in memory at most, bytes; more is refused. */
  heldBytes: number;
  /** About how much goes out at once, bytes. */
  batchBytes: number;
}

/**
 * Gathers what comes while a batch is on its way, and sends it as the next one: a server that is slow, or far, gets fewer and
 * larger inserts. Each item is settled when it is written.
 */
export class WriteQueue<T, R> {
  readonly #location: string;
  readonly #limits: QueueLimits;
  readonly #write: (items: readonly T[]) => Promise<R[]>;
  readonly #waiting: Waiting<T, R>[] = [];
  #heldBytes = 0;
  #running: Promise<void> | undefined;

  constructor(location: string, limits: QueueLimits, write: (items: readonly T[]) => Promise<R[]>) {
    this.#location = location;
    this.#limits = limits;
    this.#write = write;
  }

  /** Rejects with `NP_STORE_BUSY` when too much waits already, and with what the write rejected with. */
  add(item: T, bytes: number): Promise<R> {
    // One item always has room, or what is larger than the limit could never be written.
    if (this.#heldBytes > 0 && this.#heldBytes + bytes > this.#limits.heldBytes) {
      return Promise.reject(storeBusy(this.#location, this.#limits.heldBytes));
    }
    this.#heldBytes += bytes;
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ item, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#next();
      try {
        const results = await this.#write(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, index) => {
          resolve(results[index] as R);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      for (const { bytes } of batch) this.#heldBytes -= bytes;
    }
    this.#running = undefined;
  }

  #next(): Waiting<T, R>[] {
    let [count, bytes] = [0, 0];
    while (count < this.#waiting.length && (count === 0 || bytes < this.#limits.batchBytes)) {
      bytes += this.#waiting[count]?.bytes ?? 0;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}
