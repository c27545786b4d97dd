import type { Filter } from '../collector/filter.ts';
import { wrongUsage } from '../errors.ts';
import { ageMsOf } from './option-values.ts';

/**
 * `FROM..TO` as times: each an age (`2h`) or a date and time in UTC (`2026-01-31T10:00`), or nothing. `undefined` for what is
 * no range but the name of a release. Throws `NP_USAGE` if only one end is a time.
 */
export function timeRangeOf(word: string, nowMs: number): Pick<Filter, 'fromMs' | 'toMs'> | undefined {
  const [, from, to] = /^(.*?)\.\.(.*)$/.exec(word) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const [fromMs, toMs] = [from, to].map((end) => (end === '' ? null : timeOf(end, nowMs)));
  // Also `..`, which would be all there is.
  if (fromMs == null && toMs == null) return undefined;
  if (fromMs === undefined || toMs === undefined || (fromMs ?? 0) >= (toMs ?? nowMs + 1)) {
    throw wrongUsage(
      `'${word}' is no range of time; allowed: FROM..TO, ages or UTC times, like 2h..1h or 2026-01-31T10:00..`,
      'next-profiling diff',
    );
  }
  return { ...(fromMs != null && { fromMs }), ...(toMs != null && { toMs }) };
}

/** Milliseconds since 1970. */
function timeOf(text: string, nowMs: number): number | undefined {
  const ageMs = ageMsOf(text);
  if (ageMs !== undefined) return nowMs - ageMs;
  const [, date, time = '00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}
