/**
 * Runs every test runner and prints the sum of what they counted as the last line: `N passed, N failed, N skipped`.
 * Arguments name runners (`unit`, `e2e`); none means all.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Report, readPlaywrightReport, readVitestReport } from './read-reports.ts';

interface Runner {
  readonly name: string;
  readonly says: string;
  run(report: string): number | null;
  read(report: string): Report;
}

const root = join(import.meta.dirname, '..');
const reports = join(root, '.cache', 'reports');
const require = createRequire(import.meta.url);

const node = (args: string[], env: Record<string, string> = {}): number | null =>
  spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status;

const RUNNERS: readonly Runner[] = [
  {
    name: 'unit',
    says: 'the native core on every Node version, the engine, the plugin and the collector',
    run: (report) => {
      const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      return node([vitest, 'run', '--config', 'test/vitest.config.ts', ...reporters]);
    },
    read: readVitestReport,
  },
  {
    name: 'e2e',
    says: 'the example app, packed, built and deployed, and the page in Chromium',
    run: (report) => {
      const playwright = join(dirname(require.resolve('@playwright/test/package.json')), 'cli.js');
      const args = [playwright, 'test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'];
      return node(args, { PLAYWRIGHT_JSON_OUTPUT_NAME: report });
    },
    read: readPlaywrightReport,
  },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !RUNNERS.some((runner) => runner.name === name));
if (unknown.length > 0) {
  console.error(`unknown runner ${unknown.join(', ')}; there are ${RUNNERS.map((runner) => runner.name).join(', ')}`);
  process.exit(2);
}

mkdirSync(reports, { recursive: true });
const sum: Report = { passed: 0, failed: 0, skipped: 0, failures: [] };
const brokenRunners: string[] = [];
for (const runner of RUNNERS) {
  if (wanted.length > 0 && !wanted.includes(runner.name)) continue;
  console.log(`» ${runner.name}: ${runner.says}`);
  const report = join(reports, `${runner.name}.json`);
  rmSync(report, { force: true });
  const status = runner.run(report);
  try {
    const { passed, failed, skipped, failures } = runner.read(report);
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
    sum.failures.push(...failures);
    if (status !== 0 && failed === 0) {
      brokenRunners.push(
        `${runner.name} ended with ${status}: a file that does not load, or an error outside of any test`,
      );
    }
  } catch (error) {
    brokenRunners.push(`${runner.name} left no report: ${error}`);
  }
}
sum.failed += brokenRunners.length;
// Last, so that it is in the part of a log that is kept.
for (const failure of [...sum.failures, ...brokenRunners]) console.log(`failed: ${failure}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
