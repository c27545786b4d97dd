import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { TimelineAnswer, TreeAnswer } from '../src/collector/api-profile-types.ts';
import { profileOf } from '../src/viewer/profile/profile.ts';
import { ask, expect, type RunningCollector, test } from './viewer.ts';

const HOME = '/profile?route=%2F';

async function download(page: Page, name: string): Promise<{ file: string; bytes: Buffer }> {
  await page.getByText('Export', { exact: true }).click();
  const [started] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
  await page.getByText('Export', { exact: true }).click();
  return { file: started.suggestedFilename(), bytes: await readFile(await started.path()) };
}

test('what is shown can be had as a file for speedscope, Chrome DevTools and pprof', async ({ open }) => {
  const page = await open(HOME);
  const speedscope = await download(page, 'speedscope (');
  expect(speedscope.file).toMatch(/\.speedscope\.json$/);
  expect(JSON.parse(speedscope.bytes.toString()).$schema).toContain('speedscope');
  const cpuprofile = await download(page, 'Chrome DevTools');
  expect(cpuprofile.file).toMatch(/\.cpuprofile$/);
  expect(Object.keys(JSON.parse(cpuprofile.bytes.toString()))).toEqual(
    expect.arrayContaining(['nodes', 'samples', 'timeDeltas']),
  );
  const pprof = await download(page, 'pprof');
  expect(pprof.file).toMatch(/\.pb\.gz$/);
  expect(gunzipSync(pprof.bytes).byteLength).toBeGreaterThan(100);
});

/** As speedscope writes it, with its own roundings: exact to 10 µs below a second, a thousandth of a sample. */
function inSpeedscope(micros: number): string {
  const seconds = micros * 1e-6;
  if (seconds >= 1) return `${seconds.toFixed(2)}s`;
  if (seconds / 1e-3 >= 1) return `${(seconds / 1e-3).toFixed(2)}ms`;
  return seconds === 0 ? '0.00ns' : `${(seconds / 1e-6).toFixed(2)}µs`;
}

test('speedscope, opened from its bundled copy, counts the same self and total time for every function', async ({
  open,
  collector,
  context,
}) => {
  const { threads } = await ask<TimelineAnswer>(collector, 'timeline');
  // speedscope shows one thread at a time.
  const [busiest] = threads.toSorted((a, b) => b.cpuMs - a.cpuMs);
  const one = `session=${busiest?.session}&thread=${busiest?.thread}`;
  const page = await open(`/profile?${one}`);
  await page.getByText('Export', { exact: true }).click();
  const foreign: string[] = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(collector.url) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
  });
  const [speedscope] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Open in speedscope' }).click(),
  ]);
  // Its table holds the rows that are seen, so all must be.
  await speedscope.setViewportSize({ width: 1400, height: 12_000 });
  await speedscope.getByText('Sandwich').click();
  await expect(speedscope.locator('table tr').nth(20)).toBeVisible();
  const rows = await speedscope
    .locator('table tr')
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? '')));
  const theirs = sorted(
    rows.flatMap(([total = '', self = '', name = '']) =>
      name === '' || !/\d/.test(self) ? [] : [`${name}: ${stripShare(self)} of ${stripShare(total)}`],
    ),
  );
  expect(theirs.length).toBeGreaterThan(50);
  expect(theirs).toEqual(sorted(await ours(collector, one)));
  expect(foreign).toEqual([]);
});

const sorted = (lines: string[]): string[] => [...lines].sort();
const stripShare = (text: string): string => text.replace(/\s*\(.*$/s, '');

/** What the page counts, from the collector's call tree. */
async function ours(collector: RunningCollector, query: string): Promise<string[]> {
  const { frames, functions } = profileOf(await ask<TreeAnswer>(collector, `tree?${query}`), 'cpu', false);
  return frames.name.flatMap((name, frame) => {
    const [self, total] = [functions.self[frame] as number, functions.total[frame] as number];
    return total === 0 ? [] : [`${name}: ${inSpeedscope(self)} of ${inSpeedscope(total)}`];
  });
}
