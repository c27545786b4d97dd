/** Up to so many different costs are kept as they are; of more, three digits. */
const MOST_EXACT = 1_000;
const DIGITS = 3;

/** How many requests cost how much, microseconds of CPU. */
export class CostCounts {
  readonly #requests = new Map<number, number>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(micros: number, requests = 1): void {
    this.#requests.set(micros, (this.#requests.get(micros) ?? 0) + requests);
    this.#count += requests;
  }

  merge(other: CostCounts): void {
    for (const [micros, requests] of other.#requests) this.add(micros, requests);
  }

  /** Costs and numbers of requests, in pairs, as few as can be told apart. */
  pairs(): number[] {
    if (this.#requests.size <= MOST_EXACT) return [...this.#requests].flat();
    const rounded = new CostCounts();
    for (const [micros, requests] of this.#requests) rounded.add(Number(micros.toPrecision(DIGITS)), requests);
    return [...rounded.#requests].flat();
  }

  mean(): number {
    let sum = 0;
    for (const [micros, requests] of this.#requests) sum += micros * requests;
    return sum / this.#count;
  }

  /** Nearest rank: a cost that one request really had. */
  percentiles(...quantiles: number[]): number[] {
    const sorted = [...this.#requests].sort(([a], [b]) => a - b);
    return quantiles.map((quantile) => {
      let left = Math.max(1, Math.ceil(this.#count * quantile));
      for (const [micros, requests] of sorted) {
        left -= requests;
        if (left <= 0) return micros;
      }
      return 0;
    });
  }
}
