import { MAX_SECONDS } from './fields.ts';
import type { Drop } from './types.ts';

/** More than there are reasons. */
const [MOST, LONGEST_REASON] = [20, 40];

/** What a chunk says was dropped before it. Anyone may have written it: what is no drop is left out. */
export function readDrops(dropped: unknown): Drop[] {
  if (!Array.isArray(dropped)) return [];
  return dropped
    .filter(isDrop)
    .slice(0, MOST)
    .map(({ reason, chunks, samples, start, end }) => ({
      reason: reason.slice(0, LONGEST_REASON),
      chunks,
      samples,
      start,
      end,
    }));
}

function isDrop(value: unknown): value is Drop {
  if (typeof value !== 'object' || value === null) return false;
  const { reason, chunks, samples, start, end } = value as Partial<Record<keyof Drop, unknown>>;
  return (
    typeof reason === 'string' && isCount(chunks) && isCount(samples) && isTime(start) && isTime(end) && start <= end
  );
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isTime = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < MAX_SECONDS;
