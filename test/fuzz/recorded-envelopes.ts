import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RecordedEnvelope } from '../../e2e/envelope-recording.ts';
import type { Dice } from './dice.ts';
import type { Json } from './hostile-values.ts';

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', name), 'utf8'));
const textOf = ({ body, encoding }: RecordedEnvelope): string => {
  const bytes = Buffer.from(body, 'base64');
  return (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
};

/** What this package sent under Sentry 11 and 10: a chunk, streamed spans, and two transactions with their profiles. */
const ours: RecordedEnvelope[] = read('recorded-envelopes.json');
/** What Sentry's own profiler sent under Sentry 10. */
const sentrys: Record<'continuous' | 'transactions', RecordedEnvelope[]> = read('sentry-10-profiles.json');

export const OUR_CHUNK = textOf(ours[0] as RecordedEnvelope);
// Chunks come more often than the rest: they have the most to get wrong.
const RECORDED = [
  ...Array<string>(5).fill(OUR_CHUNK),
  ...[...ours.slice(1), ...sentrys.continuous.slice(8), ...sentrys.transactions.slice(0, 1)].map(textOf),
];

export interface Parts {
  header: Json;
  items: { header: { [key: string]: Json }; payload: { [key: string]: Json } }[];
}

/** One of the recorded envelopes in its parts. */
export function recordedEnvelope(dice: Dice): Parts {
  return partsOf(asOfAnother(dice, dice.pick(RECORDED)));
}

/**
 * The same envelope as of another process: under other ids, or most would be known already, and within the day before, or
 * each sample would be of thousands of requests in flight.
 */
export function asOfAnother(dice: Dice, text: string): string {
  const ids = new Map<string, string>();
  const earlier = dice.below(86_400);
  const moved = text
    .replace(/\b1[67]\d{8}\.\d+/g, (seconds) => `${Number(seconds) - earlier}`)
    .replace(/(?<=")20\d\d-\d\d-\d\dT[\d:.]+Z(?=")/g, (time) =>
      new Date(Date.parse(time) - earlier * 1e3).toISOString(),
    );
  return moved.replace(/(?<=")([0-9a-f]{32}|[0-9a-f]{16})(?=")/g, (id) => {
    const own = ids.get(id) ?? dice.hex(id.length);
    ids.set(id, own);
    return own;
  });
}

function partsOf(text: string): Parts {
  const [header, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const items = lines.flatMap((line, index) => (index % 2 === 0 ? [{ header: line, payload: lines[index + 1] }] : []));
  return { header, items };
}
