/**
 * `npm run bench`: the example app and a few small processes without a profiler, with ours and with others, in the same run,
 * in turns. One report: in the terminal, and as Markdown and JSON where asked for. `-- --help` says how.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { step } from '../../e2e/progress.ts';
import { benchArguments } from './arguments.ts';
import type { Contender } from './contenders.ts';
import type { Figure } from './figures.ts';
import { installRivals } from './install-rivals.ts';
import { type Measure, takeInRounds } from './measure.ts';
import { MEASURES } from './measures/all-measures.ts';
import { writeIntoReadme } from './readme-table.ts';
import { jsonOf, markdownOf, type Report, textOf } from './report.ts';

const asked = benchArguments(process.argv.slice(2), MEASURES);
if (typeof asked === 'string') {
  console.error(asked);
  process.exit(asked.startsWith('usage') ? 0 : 2);
}

const startMs = performance.now();
const loadBefore = loadavg()[0] ?? 0;
const roundsOf = (measure: Measure): number => asked.rounds ?? measure.rounds;
const secondsOf = (measure: Measure): number =>
  Math.ceil(measure.contenders.length / (measure.atOnce ?? 1)) * roundsOf(measure) * measure.seconds;

const minutes = asked.measures.reduce((sum, measure) => sum + secondsOf(measure), 0) / 60;
console.error(`» ${asked.measures.map(({ name }) => name).join(', ')}: some ${Math.ceil(minutes)} minutes`);

const cannot = await installRivals();
const figures: Figure[] = [];
const missing: Report['missing'][number][] = [];
for (const [contender, reason] of Object.entries(cannot)) {
  missing.push({ contender: contender as Contender, measure: 'all', reason });
}
for (const measure of asked.measures) {
  const contenders = measure.contenders.filter((contender) => !(contender in cannot));
  const about = Math.ceil(secondsOf(measure) / 60);
  await step(`${measure.name}: ${measure.says}; ${about === 1 ? 'a minute' : `${about} minutes`}`, async () => {
    const measured = await takeInRounds(measure, contenders, roundsOf(measure));
    figures.push(...measured.figures);
    for (const [contender, reason] of measured.failures) missing.push({ contender, measure: measure.name, reason });
  });
}

const report: Report = {
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  cores: availableParallelism(),
  loadBefore,
  minutes: (performance.now() - startMs) / 60_000,
  figures,
  missing,
};
console.log(`\n${textOf(report)}`);
if (asked.json !== undefined) writeFileSync(asked.json, jsonOf(report));
if (asked.markdown !== undefined) writeFileSync(asked.markdown, `${markdownOf(report)}\n`);
if (asked.readme) writeIntoReadme(markdownOf(report));
