import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { questionsOf, unanswered } from './ask-everything.ts';
import { Dice } from './dice.ts';
import { casesOf, SEED, seedOf } from './fuzz-size.ts';
import { FuzzedCollector } from './fuzzed-collector.ts';
import { mutatedFile } from './mutate-import.ts';
import { OUR_CHUNK } from './recorded-envelopes.ts';
import { brokenRows } from './stored-rows.ts';

const FORMATS = ['speedscope', 'cpuprofile', 'pprof'];
const MOST_HEAP_GROWTH_MIB = 8;
const CASES = casesOf(0.04);

test(`${CASES} mutated files of each format are shown or refused with the reason; seed ${SEED}`, async () => {
  const collector = await FuzzedCollector.start();
  await collector.send({ path: '/api/1/envelope/?sentry_key=k', headers: {}, body: Buffer.from(OUR_CHUNK) });
  const files = await Promise.all(FORMATS.map((format) => collector.bytes(`/api/v1/export?format=${format}`)));
  // pprof's comes packed.
  files[2] = gunzipSync(files[2] ?? Buffer.alloc(0));
  const problems: string[] = [];
  let [heapBefore, shown] = [0, 0];
  for (let index = 0; index < CASES * FORMATS.length; index++) {
    if (index === CASES) heapBefore = await collector.heapMib();
    const dice = new Dice(seedOf(index));
    const { bytes, what } = mutatedFile(files[index % FORMATS.length] as Buffer, dice);
    collector.lastCase = `case ${seedOf(index)}, ${FORMATS[index % FORMATS.length]} (${what.join('; ')})`;
    const report = (problem: string) => problems.push(`${collector.lastCase}: ${problem}`);
    const rows = collector.rows();
    const { status, text } = await collector.send({ path: '/api/v1/import?name=file', headers: {}, body: bytes });
    if (status === 200) {
      shown += 1;
      (await unanswered(collector, questionsOf(JSON.parse(text).session))).forEach(report);
    } else if (status !== 400 || !JSON.parse(text).detail) report(`${status} ${text.slice(0, 200)}`);
    else if (JSON.stringify(collector.rows()) !== JSON.stringify(rows)) report('left rows');
  }
  expect(problems).toEqual([]);
  const heap = await collector.heapMib();
  console.log(
    `${shown} of ${CASES * FORMATS.length} shown; heap ${heapBefore.toFixed(1)} MiB, then ${heap.toFixed(1)}`,
  );
  expect(shown).toBeGreaterThan(CASES / 10);
  expect(heap - heapBefore).toBeLessThan(MOST_HEAP_GROWTH_MIB);
  expect(brokenRows(collector.database)).toEqual([]);
  expect(await unanswered(collector, questionsOf())).toEqual([]);
  expect(collector.complaints).toEqual([]);
  expect(await collector.stop()).toBe(0);
}, 1_800_000);
