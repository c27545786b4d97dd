/** Adds up self and total time of whatever has numbers from 0: functions on stacks, names of nested spans. */
export class SelfAndTotal {
  // Filled without holes, so that both stay plain arrays of doubles.
  readonly #self: number[] = [];
  readonly #total: number[] = [];

  /** Adds time. `chain`: the innermost first, each number once. An empty one is nobody's time. */
  add(chain: readonly number[], micros: number): void {
    const [innermost] = chain;
    if (innermost === undefined) return;
    for (const number of chain) {
      while (number >= this.#total.length) {
        this.#self.push(0);
        this.#total.push(0);
      }
      this.#total[number] = (this.#total[number] ?? 0) + micros;
    }
    this.#self[innermost] = (this.#self[innermost] ?? 0) + micros;
  }

  of(number: number): { selfMicros: number; totalMicros: number } {
    return { selfMicros: this.#self[number] ?? 0, totalMicros: this.#total[number] ?? 0 };
  }
}
