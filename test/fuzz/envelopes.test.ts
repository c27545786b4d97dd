import { expect, test } from 'vitest';
import { validateChunk } from '../../src/profile/validate-chunk.ts';
import { questionsOf, unanswered } from './ask-everything.ts';
import { type Answer, deliveryOf } from './delivery.ts';
import { Dice } from './dice.ts';
import { casesOf, SEED, seedOf } from './fuzz-size.ts';
import { FuzzedCollector } from './fuzzed-collector.ts';
import { mutatedEnvelope } from './mutate-envelope.ts';
import { asOfAnother, OUR_CHUNK } from './recorded-envelopes.ts';
import { brokenRows } from './stored-rows.ts';

const MOST_HEAP_GROWTH_MIB = 8;
const CASES = casesOf(1);
const REFUSALS = [400, 401, 413, 415];

test(`${CASES} mutated envelopes crash nothing, leave no half row, and each is told why; seed ${SEED}`, async () => {
  const collector = await FuzzedCollector.start();
  const problems: string[] = [];
  const answers: Record<string, number> = {};
  let heapBefore = 0;
  let rssBefore = 0;
  for (let index = 0; index < CASES; index++) {
    if (index === Math.floor(CASES / 5)) {
      heapBefore = await collector.heapMib();
      rssBefore = collector.rssMib();
    }
    const dice = new Dice(seedOf(index));
    const { bytes, what } = mutatedEnvelope(dice);
    const delivery = deliveryOf(bytes, dice);
    collector.lastCase = `case ${seedOf(index)} (${[...what, ...delivery.what].join('; ')})`;
    const report = (problem: string) => problems.push(`${collector.lastCase}: ${problem}`);
    const rows = collector.rows();
    const answer = await collector.send(delivery);
    answers[answer.status] = (answers[answer.status] ?? 0) + 1;
    const problem = problemOf(answer);
    if (problem !== null) report(problem);
    if (answer.status !== 200 && JSON.stringify(collector.rows()) !== JSON.stringify(rows)) report('left rows');
    if (index % 100 === 99) (await unanswered(collector, questionsOf(newestSession(collector)))).forEach(report);
    if (index % 1_000 === 999) (await unanswered(collector, questionsOf())).forEach(report);
  }
  expect(problems).toEqual([]);
  const [heap, rss] = [await collector.heapMib(), collector.rssMib()];
  const { ingest, store } = await collector.status();
  const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);
  console.log(`answers ${JSON.stringify(answers)}, ingest ${JSON.stringify(ingest)}`);
  console.log(
    `heap ${heapBefore.toFixed(1)} MiB, then ${heap.toFixed(1)}; RSS ${rssBefore.toFixed(0)}, then ${rss.toFixed(0)}`,
  );
  expect(ingest.envelopes + sum(ingest.refusedEnvelopes)).toBe(CASES);
  const { profile_chunk = 0, profile = 0 } = ingest.accepted;
  expect(store.chunks).toBe(profile_chunk + profile - ingest.duplicateChunks);
  expect(brokenRows(collector.database)).toEqual([]);
  expect(heap - heapBefore).toBeLessThan(MOST_HEAP_GROWTH_MIB);

  const good = asOfAnother(new Dice(SEED - 1), OUR_CHUNK);
  expect(
    (await collector.send({ path: '/api/1/envelope/?sentry_key=k', headers: {}, body: Buffer.from(good) })).status,
  ).toBe(200);
  const verdict = validateChunk(good.split('\n')[2] ?? '');
  const session = verdict.ok ? verdict.chunk.profiler_id : '';
  expect((await collector.get(`/api/v1/functions?session=${session}`)).text).toContain('hotFunction');
  expect(await unanswered(collector, questionsOf())).toEqual([]);
  expect(collector.complaints.filter((line) => !line.includes('next_profiling does not fit'))).toEqual([]);
  expect(await collector.stop()).toBe(0);
}, 1_800_000);

/** What is wrong with an answer; `null` for one that is as promised. */
function problemOf({ status, text }: Answer): string | null {
  if (status === 0) return null;
  if (status !== 200 && !REFUSALS.includes(status)) return `${status} ${text.slice(0, 200)}`;
  const body = JSON.parse(text);
  if (status !== 200) return typeof body.detail === 'string' && body.detail !== '' ? null : `no reason: ${text}`;
  const mute = (body.refused ?? []).find(({ reason, detail }: Record<string, string>) => !reason || !detail);
  return mute === undefined ? null : `no reason: ${JSON.stringify(mute)}`;
}

const newestSession = ({ database }: FuzzedCollector): string =>
  String(
    database.prepare('SELECT profiler_id FROM chunks ORDER BY rowid DESC LIMIT 1').get()?.profiler_id ?? 'f'.repeat(32),
  );
