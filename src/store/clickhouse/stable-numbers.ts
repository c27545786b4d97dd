import { createHash } from 'node:crypto';
import type { ProfiledFunction } from '../../profile/function-table.ts';

/**
 * Numbers that every collector gives to the same thing without asking: 52 bits of a hash. Among 100,000 functions two share
 * one with a probability of one in a million.
 */
export function numberOf(text: string): number {
  return Number(createHash('sha256').update(text).digest().readBigUInt64BE() >> 12n);
}

/** What a function is known by in a store. */
export const functionKey = ({ name, kind, file, line, column }: ProfiledFunction): string =>
  JSON.stringify([name, kind, file, line, column]);

export function functionOf(key: string): ProfiledFunction {
  const [name, kind, file, line, column] = JSON.parse(key);
  return { name, kind, file, line, column };
}
