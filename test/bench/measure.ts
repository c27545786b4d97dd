import { step } from '../../e2e/progress.ts';
import type { Contender } from './contenders.ts';
import { type Figure, rotated } from './figures.ts';
import { reasonOf } from './reason-of.ts';

/** One measure of `npm run bench`: a file of `measures/`. */
export interface Measure {
  readonly name: string;
  readonly says: string;
  /** Of those that it can be taken of. */
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  /** What one contender takes in one round, about. */
  readonly seconds: number;
  /** How many are measured at the same time; 1 if not said. */
  readonly atOnce?: number;
  /** What it brings, by the names under which `take` answers. */
  readonly figures: readonly Omit<Figure, 'values'>[];
  prepare?(): Promise<void>;
  /** Measures one contender once. */
  take(contender: Contender): Promise<Readonly<Record<string, number>>>;
}

export interface Measured {
  readonly figures: readonly Figure[];
  /** Why a contender is missing. */
  readonly failures: ReadonlyMap<Contender, string>;
}

/** Takes a measure of everybody in each round, in another order each time. Who fails is left out from then on. */
export async function takeInRounds(
  { name, figures, atOnce = 1, prepare, take }: Measure,
  contenders: readonly Contender[],
  rounds: number,
): Promise<Measured> {
  const taken = new Map<string, { [contender in Contender]?: number[] }>(figures.map(({ id }) => [id, {}]));
  const failures = new Map<Contender, string>();
  const takeOne = async (contender: Contender): Promise<void> => {
    try {
      for (const [id, value] of Object.entries(await take(contender))) {
        const values = taken.get(id);
        if (values) values[contender] = [...(values[contender] ?? []), value];
      }
    } catch (error) {
      failures.set(contender, reasonOf(error));
    }
  };
  await prepare?.();
  for (let round = 0; round < rounds; round++) {
    const order = rotated(contenders, round).filter((contender) => !failures.has(contender));
    for (let from = 0; from < order.length; from += atOnce) {
      const together = order.slice(from, from + atOnce);
      await step(`${name}, round ${round + 1} of ${rounds}: ${together.join(' and ')}`, () =>
        Promise.all(together.map(takeOne)),
      );
    }
  }
  for (const values of taken.values()) for (const contender of failures.keys()) delete values[contender];
  return { figures: figures.map((figure) => ({ ...figure, values: taken.get(figure.id) ?? {} })), failures };
}
