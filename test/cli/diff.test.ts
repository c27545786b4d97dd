import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DiffAnswer, RouteDiff } from '../../src/collector/api-diff-types.ts';
import { queryDiff } from '../../src/collector/query-diff.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { randomFrom } from '../collector/random-profile.ts';
import { T0 } from '../profile/chunk-of.ts';
import { runCli, temporaryFolder } from './run-cli.ts';
import { type StoredBuild, storeBuilds } from './stored-build.ts';

const ROUTES = { '/api/busy': { slow: 10, steady: 2 }, '/blog/[slug]': { render: 8 }, '/tiny': { blink: 0.2 } };
const BASE: StoredBuild = { release: 'app@1', routes: ROUTES };
const NEW: StoredBuild = { ...BASE, release: 'app@2', from: 1_000, seed: 2 };
const SLOWER: StoredBuild = {
  ...NEW,
  routes: { ...ROUTES, '/api/busy': { slow: 13, steady: 2 }, '/tiny': { blink: 0.4 } },
};

/** `diff` in a folder with a store of these builds. */
async function diffOf(builds: StoredBuild[], ...args: string[]) {
  const cwd = temporaryFolder();
  await storeBuilds(join(cwd, 'kept.db'), ...builds);
  return runCli(['diff', '--store', 'kept.db', ...args], { cwd });
}

async function answerOf(builds: StoredBuild[], ...args: string[]): Promise<DiffAnswer> {
  const { stdout, stderr } = await diffOf(builds, 'app@1', 'app@2', '--json', ...args);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const routeOf = ({ routes }: DiffAnswer, name: string): RouteDiff =>
  routes.find(({ route }) => route === name) ?? expect.fail(`no route ${name}`);

describe('a build that is slower', () => {
  test('ends with 1 and names the function first, then its route', async () => {
    const { code, stdout, stderr } = await diffOf([BASE, SLOWER], 'app@1', 'app@2');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('slower: 1 function and 1 route take over 10.0% more CPU per request');
    expect(lines[2]).toMatch(
      /^ {2}slow of \/api\/busy: \+(2[6-9]|3[0-4])\.\d% ±\d\.\d%, .* to .* ms, \/app\/code\.ts:1:1$/,
    );
    expect(lines[3]).toMatch(/^ {2}\/api\/busy: \+2[2-8]\.\d% /);
    expect(stdout).toMatch(/^\/tiny +100, 100 +0\.\d+ +0\.\d+ .* too small$/m);
    expect(stdout).toContain('base: app@1, 300 requests in 1 run');
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });

  test('is JSON with the same figures', async () => {
    const answer = await answerOf([BASE, SLOWER]);
    expect(answer).toMatchObject({ passed: false, failAbove: 0.1, minCpuMs: 1 });
    expect(answer.slower.map((rise) => [rise.function?.name, rise.route])).toEqual([
      ['slow', '/api/busy'],
      [undefined, '/api/busy'],
    ]);
    expect(answer.slower[0]?.change).toBeCloseTo(0.3, 1);
    expect(answer.base).toMatchObject({ release: 'app@1', requests: 300, attribution: 'context', runs: 1 });
    const busy = routeOf(answer, '/api/busy');
    expect(busy).toMatchObject({ requests: { base: 100, new: 100 }, verdict: 'slower' });
    expect(Object.fromEntries(busy.functions.map(({ name, verdict }) => [name, verdict]))).toEqual({
      slow: 'slower',
      steady: 'same',
    });
    expect(answer.routes.reduce((sum, { cpuMs }) => sum + cpuMs.new, 0)).toBeCloseTo(13 + 2 + 8 + 0.4, 0);
  });

  test('is Markdown in which names are code', async () => {
    const odd = 'burn`<b>|@team';
    const routes = { '/api/busy': { [odd]: 13 } };
    const { code, stdout } = await diffOf(
      [
        { ...BASE, routes: { '/api/busy': { [odd]: 10 } } },
        { ...NEW, routes },
      ],
      'app@1',
      'app@2',
      '--markdown',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^### slower: 1 function and 1 route take over 10\.0% more CPU per request$/m);
    expect(stdout).toContain('- `` burn`<b>|@team `` of `/api/busy`: +');
    expect(stdout).toMatch(/^\| `` burn`<b>\\\|@team `` \| `\/api\/busy` \| 10\.\d \| 1\d\.\d \| \+/m);
  });

  test('passes a higher limit, and one that is off', async () => {
    expect(await diffOf([BASE, SLOWER], 'app@1', 'app@2', '--fail-above', '50%')).toMatchObject({ code: 0 });
    const off = await diffOf([BASE, SLOWER], 'app@1', 'app@2', '--fail-above', 'off');
    expect(off).toMatchObject({ code: 0, stdout: expect.stringMatching(/^slower: 1 function and 1 route take more/) });
  });

  test('fails with less CPU, too, if that is asked for', async () => {
    const answer = await answerOf([BASE, SLOWER], '--min-cpu', '0.1ms');
    expect(answer.slower.map(({ route }) => route)).toContain('/tiny');
  });

  test('whose route became faster otherwise has moved work, and passes', async () => {
    const moved = { ...NEW, routes: { ...ROUTES, '/api/busy': { slow: 2, steady: 10 } } };
    const answer = await answerOf([BASE, moved]);
    expect(answer.passed).toBe(true);
    const verdicts = routeOf(answer, '/api/busy').functions.map(({ name, verdict }) => [name, verdict]);
    expect(verdicts).toEqual(
      expect.arrayContaining([
        ['steady', 'moved'],
        ['slow', 'faster'],
      ]),
    );
  });

  test('by a function that is new is told so', async () => {
    const answer = await answerOf([
      BASE,
      { ...NEW, routes: { ...ROUTES, '/api/busy': { slow: 10, steady: 2, added: 6 } } },
    ]);
    expect(answer.slower[0]).toMatchObject({ function: { name: 'added' }, change: null, cpuMs: { base: 0 } });
  });
});

describe('builds that are the same', () => {
  test('pass twenty times of twenty, and differ by as much as the noise says', async () => {
    const file = join(temporaryFolder(), 'kept.db');
    const random = randomFrom(5);
    const builds = Array.from({ length: 21 }, (_, run) => ({
      ...BASE,
      release: `app@${run}`,
      from: 1_000 * run,
      seed: 97 * run + 1,
      // As lucky as is assumed: a standard deviation of 4 %.
      luck: 0.07 * (2 * random() - 1),
    }));
    await storeBuilds(file, ...builds);
    const store = await openSqliteStore(file);
    onTestFinished(() => store.close());
    const source = (run: number) => ({ store, filter: { settled: true, release: `app@${run}` } });
    const scores: number[] = [];
    for (let run = 0; run < 20; run++) {
      const answer = await queryDiff(source(run), source(run + 1), { failAbove: 0, minCpuMs: 1 });
      expect(answer.slower).toEqual([]);
      const { cpuMs } = routeOf(answer, '/blog/[slug]');
      scores.push((cpuMs.new - cpuMs.base) / (cpuMs.noise ?? 0));
    }
    // One, were they independent and many.
    const spread = Math.sqrt(scores.reduce((sum, score) => sum + score * score, 0) / scores.length);
    expect(spread).toBeGreaterThan(0.5);
    expect(spread).toBeLessThan(1.5);
  });

  const runsOf = (build: StoredBuild, lucks: number[]) =>
    lucks.map((luck, run) => ({ ...build, luck, from: (build.from ?? 0) + run * 200, seed: run + 3 }));

  test('whose runs differ from one another have that in their noise', async () => {
    const builds = [...runsOf(BASE, [-0.1, 0, -0.05]), ...runsOf(NEW, [0.1, 0.02, 0.05])];
    const several = await answerOf(builds);
    expect(several.base.runs).toBe(3);
    const { change, changeNoise, verdict } = routeOf(several, '/api/busy');
    expect(change).toBeGreaterThan(0.1);
    // Three runs of ±0.05 have a mean of ±0.029; there are two sides.
    expect(changeNoise).toBeGreaterThan(0.025);
    expect(changeNoise).toBeLessThan(0.0625);
    expect(verdict).toBe('same');
  });

  test('of which two runs differ by much are judged all the same: that can be chance', async () => {
    const answer = await answerOf([...runsOf(BASE, [-0.07, 0.07]), ...runsOf(NEW, [0.07, -0.07])]);
    const { changeNoise, verdict } = routeOf(answer, '/api/busy');
    expect(verdict).toBe('same');
    // Seen are 7 % on each side, assumed 2.8 %.
    expect(changeNoise).toBeGreaterThan(0.05);
    expect(changeNoise).toBeLessThan(0.08);
  });

  test('and stored in two files need no names', async () => {
    const cwd = temporaryFolder();
    await storeBuilds(join(cwd, 'base.db'), { routes: ROUTES });
    await storeBuilds(join(cwd, 'new.db'), { routes: ROUTES, seed: 5 });
    const { code, stdout, stderr } = await runCli(['diff', '--base-store', 'base.db', '--store', 'new.db'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ok: nothing takes over 10\.0% more CPU per request$/m);
  });
});

describe('what is compared', () => {
  test('can be times', async () => {
    const at = (seconds: number) => new Date((T0 + seconds) * 1e3).toISOString();
    const one = { ...SLOWER, release: 'app@1' };
    const { code } = await diffOf([BASE, one], `..${at(500)}`, `${at(500)}..`);
    expect(code).toBe(1);
    expect(await diffOf([BASE, one], `${at(0)}..${at(50)}`, `${at(51)}..${at(100)}`)).toMatchObject({ code: 0 });
  });

  test('can be a route, all functions of which are shown', async () => {
    const { code, stdout } = await diffOf([BASE, SLOWER], 'app@1', 'app@2', '--route', '/blog/[slug]');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^render +\/blog\/\[slug\] /m);
    expect(stdout).not.toContain('/api/busy');
  });

  test.each([
    ['in other folders', (build: string) => (name: string) => `/ci/${build}/src/${name}.mjs`],
    [
      'in a package manager of another version',
      (build: string) => (name: string) => `/ci/node_modules/.pnpm/x@${build}/node_modules/x/${name}.js`,
    ],
  ])('is the same function %s', async (_, pathOf) => {
    const answer = await answerOf([
      { ...BASE, fileOf: pathOf('base') },
      { ...SLOWER, fileOf: pathOf('new') },
    ]);
    expect(answer.slower[0]).toMatchObject({ function: { name: 'slow', file: pathOf('new')('slow') } });
    expect(answer.slower[0]?.change).toBeCloseTo(0.3, 1);
    expect(routeOf(answer, '/api/busy').functions.filter(({ verdict }) => ['new', 'gone'].includes(verdict))).toEqual(
      [],
    );
  });
});

describe('what cannot be compared ends with 3 and says why', () => {
  test.each<[string, StoredBuild[], string[], RegExp]>([
    [
      'a release that is not there',
      [BASE, NEW],
      ['app@1', 'app@3'],
      /no profile of release 'app@3' is stored, did you mean 'app@[12]'\?/,
    ],
    [
      'too few requests',
      [
        { ...BASE, requests: 3 },
        { ...NEW, requests: 3 },
      ],
      ['app@1', 'app@2'],
      /no route has enough profiled requests to tell a rise by a quarter from chance; profile .* in turn/,
    ],
    [
      'requests of which each is seen by a sample at most',
      [
        { ...BASE, requests: 40, sampledEvery: 20 },
        { ...NEW, requests: 40, sampledEvery: 20 },
      ],
      ['app@1', 'app@2'],
      /no route has enough profiled requests to tell a rise by a quarter from chance, only one from \d\d+ % on/,
    ],
    [
      'no route in common',
      [BASE, { ...NEW, routes: { '/other': { other: 9 } } }],
      ['app@1', 'app@2'],
      /no route has enough/,
    ],
    [
      'a route that is not there',
      [BASE, NEW],
      ['app@1', 'app@2', '--route', '/blog'],
      /the route '\/blog' does not have enough/,
    ],
    ['a time without requests', [BASE], ['..2020-01-01', '2020-01-01..'], /no profiled request of the base is stored/],
  ])('%s', async (_, builds, args, problem) => {
    const { code, stdout, stderr } = await diffOf(builds, ...args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(problem);
    expect(stderr).toMatch(/\(NP_DIFF\)\n$/);
  });

  test('a store that is not there', async () => {
    const { code, stderr } = await runCli(['diff', '--base-store', 'nothing.db']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/NP_STORE/);
  });
});

describe('wrong usage of diff ends with 2', () => {
  test.each<[string[], RegExp]>([
    [[], /what to compare is missing: BASE and NEW, two releases or times, or --base-store/],
    [['app@1'], /what to compare is missing/],
    [['a', 'b', 'c'], /unexpected argument 'c'/],
    [['a', 'b', '--fail-above', '10'], /--fail-above is '10'; allowed: a percentage, like 10%/],
    [['a', 'b', '--min-cpu', 'little'], /--min-cpu is 'little'; allowed: milliseconds/],
    [['a', 'b', '--json', '--markdown'], /exclude each other/],
    [['2h..yesterday', '1h..'], /'2h..yesterday' is no range of time/],
    [['1h..2h', '1h..'], /'1h..2h' is no range of time/],
  ])('%j', async (args, problem) => {
    const { code, stdout, stderr } = await runCli(['diff', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(problem);
  });
});
