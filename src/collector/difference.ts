import type { Difference } from './api-trace-types.ts';
import type { ComparedSide, SideSlice } from './compared-side.ts';
import { milliseconds } from './figures.ts';

/** Whose requests a figure is per; each side's own if nothing is said. */
export interface Counted {
  base: ComparedSide;
  now: ComparedSide;
}

/** A figure of both sides, per request. */
export function differenceOf(
  base: ComparedSide,
  now: ComparedSide,
  part: (slice: SideSlice) => number,
  counted: Counted = { base, now },
): Difference {
  const [before, after] = [base.ratio(part, counted.base), now.ratio(part, counted.now)];
  const noise = before.error === null || after.error === null ? null : Math.hypot(before.error, after.error);
  return {
    base: milliseconds(before.value),
    new: milliseconds(after.value),
    noise: noise === null ? null : milliseconds(noise),
  };
}
