import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DiffAnswer } from '../../src/collector/api-diff-types.ts';
import { isJudged, queryDiff } from '../../src/collector/query-diff.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { temporaryFolder } from '../cli/run-cli.ts';
import { type StoredBuild, storeBuilds } from '../cli/stored-build.ts';
import { randomFrom } from './random-profile.ts';

const PAIRS = 20;
const LIMITS = { failAbove: 0.1, minCpuMs: 1 };
const buildOf = (slow: number): Pick<StoredBuild, 'routes'> => ({
  routes: { '/api/busy': { slow, steady: 4, rest: 1 }, '/blog/[slug]': { render: 8 } },
});

interface Pair {
  same: DiffAnswer;
  slower: DiffAnswer;
  /** What `slow` takes more in the slower build, with the luck of both runs. */
  truth: number;
}

/** Two runs of one build and one of a build whose `slow` takes 30 % more; each has a machine that is some percent slower or faster. */
async function pairsOf(load: Pick<StoredBuild, 'requests' | 'sampledEvery'>, mood = 0.03): Promise<Pair[]> {
  const file = join(temporaryFolder(), 'kept.db');
  const random = randomFrom(11);
  const runs = Array.from({ length: PAIRS * 3 }, (_, run) => ({
    ...load,
    ...buildOf(run % 3 === 2 ? 39 : 30),
    release: `run@${run}`,
    from: 1_000 * run,
    seed: 31 * run + 7,
    luck: mood * (2 * random() - 1),
  }));
  await storeBuilds(file, ...runs);
  const store = await openSqliteStore(file);
  onTestFinished(() => store.close());
  const source = (run: number) => ({ store, filter: { settled: true, release: `run@${run}` } });
  const pairs: Pair[] = [];
  for (let run = 0; run < runs.length; run += 3) {
    const luck = (of: number) => 1 + (runs[of]?.luck ?? 0);
    pairs.push({
      same: await queryDiff(source(run), source(run + 1), LIMITS),
      slower: await queryDiff(source(run), source(run + 2), LIMITS),
      truth: (1.3 * luck(run + 2)) / luck(run) - 1,
    });
  }
  return pairs;
}

describe('twenty pairs of builds', { timeout: 60_000 }, () => {
  test.each<[string, Pick<StoredBuild, 'requests' | 'sampledEvery'>]>([
    ['60 requests', { requests: 60 }],
    ['150 requests, sampled at 99 Hz', { requests: 150, sampledEvery: 10.1 }],
  ])('of %s: those of one build pass, of the slower one the function is named first', async (_, load) => {
    const errors: number[] = [];
    for (const { same, slower, truth } of await pairsOf(load)) {
      expect({ passed: same.passed, slower: same.slower, isJudged: isJudged(same) }).toEqual({
        passed: true,
        slower: [],
        isJudged: true,
      });
      expect(slower.passed).toBe(false);
      const [first] = slower.slower;
      expect(first).toMatchObject({ route: '/api/busy', function: { name: 'slow' } });
      errors.push((first?.change ?? 0) - truth);
      expect(Math.abs(errors.at(-1) ?? 0)).toBeLessThan(3.5 * (first?.changeNoise ?? 0));
    }
    expect(Math.abs(errors.reduce((sum, error) => sum + error / PAIRS, 0))).toBeLessThan(0.02);
  });

  test('of which too little was recorded: those of one build never fail, and the slower one hardly passes', async () => {
    const pairs = await pairsOf({ requests: 40, sampledEvery: 40 });
    let unseen = 0;
    for (const { same, slower } of pairs) {
      expect(same.passed).toBe(true);
      if (slower.passed && isJudged(slower)) unseen += 1;
      const busy = same.routes.find(({ route }) => route === '/api/busy');
      expect(busy?.leastChange).toBeGreaterThan(LIMITS.failAbove);
    }
    expect(unseen).toBeLessThanOrEqual(2);
  });
});
