/**
 * What a fleet costs: one process of the example app is profiled under load for 100 s, what it sent is brought to a collector as by
 * so many processes, and size and CPU of that are multiplied out. Prints the tables of docs/capacity.md; `--write` puts them there.
 *
 * Arguments: processes (20), --write, and --again, which measures nothing and takes the figures of the page.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../e2e/package-tarball.ts';
import { Sink } from '../sink.ts';
import type { Measured } from './capacity-model.ts';
import { everythingTable, measuredIn, measuredTable, rounded, settingsTable } from './capacity-tables.ts';
import { fleetEnvelopes, recordedMinute } from './fleet-envelopes.ts';
import { measureIngest } from './measured-ingest.ts';
import { deployedExample, type Load, profileExample } from './profiled-example.ts';

const LOAD: Load = {
  '/api/busy?ms=20': { clients: 2, perSecond: 10 },
  '/blog/hello': { clients: 1, perSecond: 5 },
  '/': { clients: 2, perSecond: 2 },
  '/api/light': { clients: 1, perSecond: 8 },
};
const SECONDS = 100;

const processes = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 20);
const page = join(ROOT, 'docs', 'capacity.md');
let text = readFileSync(page, 'utf8');
const measured = process.argv.includes('--again') ? measuredIn(text) : rounded(await measure());
const parts: Record<string, string> = {
  measured: measuredTable(measured),
  everything: everythingTable(measured),
  settings: settingsTable(measured),
};
for (const [name, part] of Object.entries(parts)) {
  process.stdout.write(`${part}\n\n`);
  text = text.replace(new RegExp(`(?<=<!-- ${name} -->\n)[^]*?(?=\n<!-- end -->)`), () => part);
}
if (process.argv.includes('--write')) writeFileSync(page, text);

async function measure(): Promise<Measured> {
  const example = await deployedExample('next-16-turbopack');
  const sink = await Sink.listen();
  await profileExample(example, join(example.folder, 'unused.db'), LOAD, SECONDS, { SENTRY_DSN: sink.dsn });
  sink.close();
  await example.remove();
  const recorded = recordedMinute(sink);
  return { ...recorded.figures, ...(await measureIngest(fleetEnvelopes(recorded, processes))) };
}
