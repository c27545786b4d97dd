import type { RoutesAnswer } from '../src/collector/api-types.ts';
import { replay } from './envelope-recording.ts';
import { recordedRun } from './recorded-run.ts';
import { ask, cellsOf, expect, startCollector, test } from './viewer.ts';

const TABLE = 'CPU by route';

test('the first page names every route, most CPU first, with its requests, CPU and top function', async ({
  open,
  collector,
}) => {
  const page = await open('/');
  const answer = await ask<RoutesAnswer>(collector, 'routes');
  await expect(page.getByRole('link', { name: '/api/busy', exact: true })).toBeVisible();
  const rows = await cellsOf(page, TABLE);
  expect(rows.map(([route]) => route)).toEqual(answer.routes.map(({ route }) => route));
  expect(rows[0]?.[0]).toBe('/api/busy');
  expect(rows[0]?.[1]).toBe(String(answer.routes[0]?.requests));
  expect(rows[0]?.join(' ')).toContain('burnCpu');
  await expect(page.getByRole('img', { name: 'CPU of /api/busy over time' })).toBeVisible();
  await expect(page.getByText('Exact per request')).toBeVisible();
  // What is in no route's row is said as well.
  await expect(page.getByRole('row', { name: /^Unattributed/ })).toContainText('%');
});

test('the table sorts by the head that is clicked, filters by what is typed, and its address brings both back', async ({
  open,
}) => {
  const page = await open('/');
  await page.getByRole('button', { name: 'Requests' }).click();
  await expect(page.getByRole('columnheader', { name: 'Requests' })).toHaveAttribute('aria-sort', 'descending');
  const counts = (await cellsOf(page, TABLE)).map((row) => Number(row[1]));
  expect(counts).toEqual([...counts].sort((a, b) => b - a));
  await page.getByRole('searchbox', { name: 'Filter routes' }).fill('api');
  await expect(page.getByRole('link', { name: '/blog/[slug]' })).toHaveCount(0);
  const shown = await cellsOf(page, TABLE);
  await page.goto(page.url());
  await expect(page.getByRole('link', { name: '/api/light' })).toBeVisible();
  expect(await cellsOf(page, TABLE)).toEqual(shown);
});

test('release and time range narrow the table down', async ({ open, collector }) => {
  const page = await open('/');
  await page.getByRole('combobox', { name: 'Release' }).selectOption('shop@1.1.0');
  const answer = await ask<RoutesAnswer>(collector, 'routes?release=shop%401.1.0');
  await expect.poll(async () => (await cellsOf(page, TABLE))[0]?.[1]).toBe(String(answer.routes[0]?.requests));
  await page.getByRole('combobox', { name: 'Release' }).selectOption('');
  await page.goto(page.url().replace(/\?.*|$/, '?from=1&to=2'));
  await expect(page.getByText('Nothing was received in this range.')).toBeVisible();
});

test('an empty collector says what to do, with lines to paste; the table appears by itself when the first data comes', async ({
  page,
}) => {
  const collector = await startCollector([]);
  try {
    await page.goto(collector.url);
    await expect(page.getByRole('heading', { name: 'No profiles yet' })).toBeVisible();
    await expect(page.getByText('export default withProfiling(')).toBeVisible();
    await expect(page.getByText('npx next-profiling run -- next start')).toBeVisible();
    await expect(page.getByText(`SENTRY_DSN=${collector.url.replace('://', '://public@')}/1`)).toBeVisible();
    await replay(await recordedRun(), collector.url);
    // The first answer reads the source maps.
    await expect(page.getByRole('link', { name: '/api/busy', exact: true })).toBeVisible({ timeout: 30_000 });
  } finally {
    await collector.stop();
  }
});
