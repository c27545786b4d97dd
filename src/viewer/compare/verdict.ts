import type { Difference } from '../../collector/api-trace-types.ts';

export type Verdict = 'worse' | 'better' | 'noise';

/** Below two standard errors a difference is not told apart from chance, nor without knowing the error. */
export function verdictOf({ base, new: after, noise }: Difference): Verdict {
  const difference = after - base;
  if (noise === null || difference === 0 || Math.abs(difference) < 2 * noise) return 'noise';
  return difference > 0 ? 'worse' : 'better';
}

export const VERDICT_TEXT: Readonly<Record<Verdict, string>> = {
  worse: 'more CPU',
  better: 'less CPU',
  noise: 'within noise',
};
