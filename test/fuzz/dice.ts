import { randomFrom } from '../collector/random-profile.ts';

/** Choices that a seed decides: the same for the same seed. */
export class Dice {
  readonly #random: () => number;

  constructor(seed: number) {
    // Neighbouring seeds must not make neighbouring choices.
    this.#random = randomFrom(Math.imul(seed, 0x9e3779b1) >>> 0);
    this.#random();
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  hex(digits: number): string {
    return Array.from({ length: digits }, () => this.below(16).toString(16)).join('');
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}
