import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base, type Page } from '@playwright/test';
import type { RecordedEnvelope } from './envelope-recording.ts';
import { ROOT } from './package-tarball.ts';
import { cellsOf, expect, type RunningCollector, startCollector } from './viewer.ts';

/** What `@sentry/profiling-node` 10.75.3 sent for a server whose requests spend 60 ms in `sortCatalogue`. */
const recorded: Record<'continuous' | 'transactions', RecordedEnvelope[]> = JSON.parse(
  await readFile(join(ROOT, 'test', 'fixtures', 'sentry-10-profiles.json'), 'utf8'),
);

const test = base.extend<{ collector: RunningCollector }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are wanted from the pattern
  collector: async ({}, use) => {
    const collector = await startCollector([...recorded.continuous, ...recorded.transactions]);
    await use(collector);
    await collector.stop();
  },
});

async function expectHotFunction(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Functions' }).click();
  await expect(page.getByRole('table', { name: 'Functions' })).toContainText('sortCatalogue');
  const [hottest] = await cellsOf(page, 'Functions');
  expect(hottest?.[0]).toContain('sortCatalogue');
  // V8's `(idle)` is sent as an ordinary frame; it is no work.
  expect((await cellsOf(page, 'Functions')).flat().join(' ')).not.toContain('(idle)');
}

test("chunks of Sentry's own SDK are shown like ours, with measurements at their true times", async ({
  page,
  collector,
}) => {
  await page.goto(`${collector.url}/sessions`);
  const row = page.getByRole('row', { name: /Continuous/ }).first();
  await expect(row).toContainText('node');
  await row.getByRole('link').click();
  await expect(page.getByRole('application', { name: /^Flame graph/ })).toBeVisible();
  const chart = page.getByRole('img', { name: /^Memory from/ });
  await expect(chart).toBeVisible();
  await expectHotFunction(page);
});

test('a profile of one transaction (format v1) is a session of its own', async ({ page, collector }) => {
  await page.goto(`${collector.url}/sessions`);
  const row = page.getByRole('row', { name: /Transaction/ }).first();
  await row.getByRole('link').click();
  await expect(page.getByRole('application', { name: /^Flame graph/ })).toBeVisible();
  await expectHotFunction(page);
});
