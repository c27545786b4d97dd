/**
 * What the plugin costs whoever edits a file under `next dev`: the time from writing a file to seeing the edit served,
 * in three servers side by side that make the same edits in turns. Prints with us : without us, and without : without
 * for the noise, as medians with their 95 % interval. argv: bundler (turbopack), edits (60).
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppVariant, Bundler } from '../../e2e/app-variant.ts';
import { bundlerFlag, nextCli, prepareApp } from '../../e2e/build-app.ts';
import { EDITED_FILES, edit } from '../../e2e/edited-app.ts';
import { CACHE } from '../../e2e/package-tarball.ts';
import { mustRun } from '../../e2e/run-command.ts';
import { RunningApp } from '../../e2e/running-app.ts';
import { Sink } from '../sink.ts';

/** Of each file, so that what is compiled for the first time is in no figure. */
const WARM_UP_EDITS = 9;

const [bundler = 'turbopack', edits = '60'] = process.argv.slice(2) as [Bundler?, string?];

const WITHOUT_US = {
  'next.config.ts': "export default { output: 'standalone' as const };\n",
  'instrumentation.ts': `import * as Sentry from '@sentry/nextjs';

export function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') Sentry.init({ tracesSampleRate: 1 });
}
`,
};

interface Subject {
  folder: string;
  server: RunningApp;
}

const sink = await Sink.listen();

/** A copy of the app, since two `next dev` do not share a folder. */
async function start(name: string, files: Record<string, string>): Promise<Subject> {
  const variant: AppVariant = { name, next: 16, bundler, files: { ...EDITED_FILES, ...files } };
  const prepared = (await prepareApp(variant)).folder;
  const folder = join(CACHE, 'bench', name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const isOutput = (path: string): boolean => /^\/(node_modules|\.next|build)(\/|$)/.test(path.slice(prepared.length));
  await cp(prepared, folder, { recursive: true, filter: (path) => !isOutput(path) });
  await mustRun('cp', ['-al', join(prepared, 'node_modules'), folder], { cwd: CACHE });
  const server = await RunningApp.start({
    cwd: folder,
    args: (port) => [nextCli(folder), 'dev', ...bundlerFlag(variant), '-p', String(port), '-H', '127.0.0.1'],
    env: { SENTRY_DSN: sink.dsn },
  });
  return { folder, server };
}

/** The median, between the two values that it is between with 95 % probability. */
function median(values: readonly number[]): { low: number; middle: number; high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number =>
    sorted[Math.min(Math.max(Math.round(index), 0), sorted.length - 1)] ?? Number.NaN;
  const [centre, half] = [(sorted.length - 1) / 2, 0.98 * Math.sqrt(sorted.length)];
  return { low: at(centre - half), middle: at(centre), high: at(centre + half) };
}

function say(what: string, took: readonly number[], others: readonly number[]): void {
  const { low, middle, high } = median(took.map((ms, index) => ms / (others[index] ?? Number.NaN)));
  const ms = [took, others].map((values) => `${median(values).middle.toFixed(0)} ms`).join(' : ');
  console.log(`${what}: ${middle.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), ${ms}, ${took.length} edits`);
}

const subjects: Subject[] = [];
try {
  subjects.push(await start('reload-with', {}));
  subjects.push(await start('reload-without', WITHOUT_US));
  subjects.push(await start('reload-without-too', WITHOUT_US));
  const took: number[][] = subjects.map(() => []);
  for (let number = 1; number <= WARM_UP_EDITS + Number(edits); number++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      // Who comes first changes after each round of the edited files, not with each file.
      const index = (turn + Math.floor(number / 3)) % subjects.length;
      const subject = subjects[index];
      if (!subject) continue;
      const ms = await edit(subject.folder, subject.server, number);
      if (number > WARM_UP_EDITS) took[index]?.push(ms);
    }
  }
  const [withUs = [], without = [], withoutToo = []] = took;
  say(`with us : without us, ${bundler}`, withUs, without);
  say(`without : without, ${bundler}`, withoutToo, without);
} finally {
  for (const { server } of subjects) await server.stop();
  sink.close();
}
