/**
 * Whether `diff` finds what is slower, and only that: two builds of the example app, in the second of which `/api/busy` takes
 * 30 % more work. The first is profiled as two sides, the second as one, in turn; so often, each time anew.
 *
 * Arguments: times (20), seconds of load per run (8), runs of each side (2), folder for the stores (a temporary one).
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../e2e/package-tarball.ts';
import type { DiffAnswer } from '../../src/collector/api-diff-types.ts';
import { cli, deployedExample, type Load, MAPS, profileExample } from './profiled-example.ts';

const [times = '20', seconds = '8', runs = '2', folder = mkdtempSync(join(tmpdir(), 'next-profiling-diff-'))] =
  process.argv.slice(2);
const LOAD: Load = {
  '/api/busy?ms=40': { clients: 2 },
  '/blog/hello': { clients: 1 },
  '/api/light': { clients: 1, perSecond: 20 },
};
const BURN = 'app/api/busy/burn-cpu.ts';
const text = readFileSync(join(ROOT, 'example-app', BURN), 'utf8');
/** The same loops, so many times instead of for so long: else a busy machine would change what a request takes. */
function burning(times: number): string {
  const loop = 'while (performance.now() < end) {';
  if (!text.includes(loop)) throw new Error(`${BURN} is another than this script knows`);
  return text.replace(/ +const end = .*\n/, '').replace(loop, `for (let round = 0; round < ${times} * ms; round++) {`);
}

const SETUP = 'instrumentation.ts';
/** As the README advises for short runs: what is sampled ten times as often is known as well after a tenth of the time. */
const fine = readFileSync(join(ROOT, 'example-app', SETUP), 'utf8').replace(
  'nodeProfilingIntegration()',
  'nodeProfilingIntegration({ samplingIntervalMicros: 1_000, maxOverhead: 1 })',
);

const line = (words: string) => process.stdout.write(`${words}\n`);
mkdirSync(folder, { recursive: true });
const builds = {
  base: await deployedExample('busy', { [SETUP]: fine, [BURN]: burning(20) }),
  slower: await deployedExample('busy-is-slower', { [SETUP]: fine, [BURN]: `// It moves, too.\n${burning(26)}` }),
};
line(`stores in ${folder}`);

/** The exit code of `diff` where a rise cannot be told from chance. */
const CANNOT_TELL = 3;

interface Compared {
  code: number;
  answer: Pick<DiffAnswer, 'routes' | 'slower'>;
}

function compare(base: string, now: string): Promise<Compared> {
  const [program, args] = cli(
    'diff',
    '--base-store',
    base,
    '--store',
    now,
    '--maps',
    MAPS,
    '--base-maps',
    MAPS,
    '--json',
  );
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      if (code === CANNOT_TELL) resolve({ code, answer: { routes: [], slower: [] } });
      else if (code > 1 || stdout === '') reject(new Error(`diff ended with ${code}: ${stderr}`));
      else resolve({ code, answer: JSON.parse(stdout) });
    });
  });
}

const functionOf = ({ routes }: Compared['answer'], name: string) =>
  routes.find(({ route }) => route === '/api/busy')?.functions.find((row) => row.name === name);
const percent = (share: number | null | undefined) => `${((share ?? Number.NaN) * 100).toFixed(1)} %`;
let [passed, found] = [0, 0];
/** Of the comparisons that could tell: one that could not says nothing about a change, not that there was none. */
const changes: number[] = [];
const noises: number[] = [];
const scores: number[] = [];
for (let time = 1; time <= Number(times); time++) {
  const storeOf = (side: string) => join(folder, `${side}-${time}.db`);
  let requests = 0;
  for (let run = 0; run < Number(runs); run++) {
    requests += await profileExample(builds.base, storeOf('base'), LOAD, Number(seconds));
    await profileExample(builds.base, storeOf('again'), LOAD, Number(seconds));
    await profileExample(builds.slower, storeOf('slower'), LOAD, Number(seconds));
  }
  const same = await compare(storeOf('base'), storeOf('again'));
  if (same.code === 0) passed += 1;
  for (const { change, changeNoise, verdict } of same.answer.routes) {
    if (verdict !== 'small' && change !== null && changeNoise) scores.push(change / changeNoise);
  }
  const other = await compare(storeOf('base'), storeOf('slower'));
  const [first] = other.answer.slower;
  const isRight = other.code === 1 && first?.function?.name === 'burnCpu' && first.route === '/api/busy';
  if (isRight && Math.abs((first?.change ?? 0) - 0.3) <= 0.05) found += 1;
  const burn = functionOf(other.answer, 'burnCpu');
  if (typeof burn?.change === 'number') changes.push(burn.change);
  if (typeof burn?.changeNoise === 'number') noises.push(burn.changeNoise);
  const worst = same.answer.routes.map(
    ({ route, change, changeNoise }) => `${route} ${percent(change)} ±${percent(changeNoise)}`,
  );
  line(`${time}: ${requests} requests; same build ends with ${same.code} (${worst.join(', ')})`);
  line(
    `   slower ends with ${other.code}: ${first?.function?.name} of ${first?.route} ${percent(first?.change)} ±${percent(first?.changeNoise)}`,
  );
  for (const rise of same.answer.slower)
    line(`   wrong: ${rise.function?.name} of ${rise.route} ${percent(rise.change)} ±${percent(rise.changeNoise)}`);
}
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: number[]) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
line(`two runs of one build: ${passed} of ${times} pass`);
line(`the slower build: burnCpu of /api/busy first, at 30 % ± 5 and with exit code 1: ${found} of ${times}`);
line(
  `its change: mean ${percent(mean(changes))}, standard deviation ${percent(spread(changes))}; its noise as told: ${percent(mean(noises))}; left out: ${Number(times) - changes.length} that could not tell`,
);
line(
  `routes of one build: change over noise has a mean of ${mean(scores).toFixed(2)} and a root mean square of ${Math.sqrt(mean(scores.map((score) => score ** 2))).toFixed(2)}`,
);
for (const deployment of Object.values(builds)) await deployment.remove();
