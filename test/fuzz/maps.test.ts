import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chunkItem, envelopeOf } from '../collector/envelope-of.ts';
import { chunkOf } from '../profile/chunk-of.ts';
import { BUILT, MAP, SCRIPT } from '../symbolicate/small-map.ts';
import { unanswered } from './ask-everything.ts';
import { builtCode } from './built-code.ts';
import { Dice } from './dice.ts';
import { casesOf, SEED, seedOf } from './fuzz-size.ts';
import { FuzzedCollector } from './fuzzed-collector.ts';
import { mutatedMap, type SourceMap } from './mutate-map.ts';

const MOST_HEAP_GROWTH_MIB = 60;
const CASES = casesOf(0.1);

test(`${CASES} mutated source maps leave every question an answer; seed ${SEED}`, async () => {
  const collector = await FuzzedCollector.start();
  mkdirSync(collector.maps, { recursive: true });
  const built = await builtCode();
  const originals: [map: SourceMap, lines: string[]][] = [
    [MAP as unknown as SourceMap, [MAP.x_next_profiling_code]],
    [built.map, built.code.split('\n')],
  ];
  const problems: string[] = [];
  let heapBefore = 0;
  for (let index = 0; index < CASES; index++) {
    if (index === Math.floor(CASES / 2)) heapBefore = await collector.heapMib();
    const dice = new Dice(seedOf(index));
    const [map, lines] = dice.pick(originals);
    const [text, what] = mutatedMap(map, dice);
    collector.lastCase = `case ${seedOf(index)} (${what})`;
    const debug_id = dice.hex(32);
    writeFileSync(join(collector.maps, `${debug_id}.map`), text);
    const chunk = chunkOf([0, 1, 2, 3].map((at) => [at, ['r']]));
    chunk.profile.frames = Array.from({ length: 20 }, (_, frame) => {
      const lineno = dice.chance(0.1) ? dice.below(1_000_000) : 1 + dice.below(lines.length);
      const line = lines[lineno - 1] ?? '';
      // Mostly where V8 finds functions: at the parenthesis of their parameters.
      const found = line.indexOf('(', dice.below(line.length + 1));
      const colno = 1 + (found === -1 || dice.chance(0.2) ? dice.below(line.length + 10) : found);
      return frame === 0 ? BUILT : { ...BUILT, lineno, colno };
    });
    chunk.profile.stacks = chunk.profile.stacks.map(() => chunk.profile.frames.map((_, frame) => frame));
    chunk.debug_meta = { images: [{ type: 'sourcemap', code_file: SCRIPT, debug_id }] };
    const body = Buffer.from(envelopeOf(chunkItem(chunk)));
    await collector.send({ path: '/api/1/envelope/?sentry_key=k', headers: {}, body });
    const session = `session=${chunk.profiler_id}`;
    const functions = await collector.get(`/api/v1/functions?${session}`);
    const questions = [`/api/v1/tree?${session}`, `/api/v1/export?format=cpuprofile&${session}`];
    for (const { name, file, line, column } of JSON.parse(functions.text).functions?.slice(0, 3) ?? []) {
      const place = new URLSearchParams({ name, file, line: `${line || 1}`, column: `${column || 1}` });
      questions.push(`/api/v1/source?${place}&${session}`);
    }
    if (functions.status !== 200) problems.push(`${collector.lastCase}: ${functions.text.slice(0, 200)}`);
    for (const problem of await unanswered(collector, questions)) problems.push(`${collector.lastCase}: ${problem}`);
  }
  expect(problems).toEqual([]);
  const heap = await collector.heapMib();
  console.log(`symbols ${JSON.stringify((await collector.status()).symbols)}`);
  console.log(`heap ${heapBefore.toFixed(1)} MiB, then ${heap.toFixed(1)}`);
  expect(heap - heapBefore).toBeLessThan(MOST_HEAP_GROWTH_MIB);
  expect(collector.complaints).toEqual([]);
  expect(await collector.stop()).toBe(0);
}, 1_800_000);
