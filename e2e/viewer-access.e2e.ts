import { expect, type Page, test } from '@playwright/test';
import { chunkItem, envelopeOf, requestSpan, spanItem } from '../test/collector/envelope-of.ts';
import { chunkOf } from '../test/profile/chunk-of.ts';
import type { RecordedEnvelope } from './envelope-recording.ts';
import { cellsOf, type RunningCollector, startCollector } from './viewer.ts';

const TOKEN = 'token_of_these-tests';

/** A request on a route, in an environment, and a chunk that shows a function at work meanwhile. */
function envelope(route: string, environment: string, work: string): RecordedEnvelope {
  const span = requestSpan(route, 0, 1, { 'sentry.environment': environment });
  const chunk = chunkOf(
    [
      [0, [work]],
      [0.5, [work]],
      [1, []],
    ],
    { environment },
  );
  const body = Buffer.from(envelopeOf(spanItem(span), chunkItem(chunk))).toString('base64');
  return { path: `/api/1/envelope/?sentry_key=${TOKEN}`, body };
}

let collector: RunningCollector;

test.beforeAll(async () => {
  const envelopes = [envelope('/shop', 'production', 'sell'), envelope('/trial', 'staging', 'attempt')];
  collector = await startCollector(envelopes, ['--token', TOKEN]);
});
test.afterAll(() => collector.stop());

const routes = async (page: Page): Promise<(string | undefined)[]> =>
  (await cellsOf(page, 'CPU by route')).map(([route]) => route).filter((route) => route?.startsWith('/'));

test('the page shows nothing without the token, says why, and keeps a given one out of its address', async ({
  page,
}) => {
  await page.goto(collector.url);
  await expect(page.getByRole('alert')).toContainText('this collector needs its token');
  await expect(page.getByRole('table')).toHaveCount(0);
  await page.goto(`${collector.url}/?token=another-one-than-that`);
  await expect(page.getByRole('alert')).toContainText('this collector needs its token');
  await page.goto(`${collector.url}/?token=${TOKEN}`);
  await expect.poll(() => routes(page)).toEqual(expect.arrayContaining(['/shop', '/trial']));
  expect(page.url()).not.toContain('token');
  // For this tab it is remembered, and goes with what leaves the page, too.
  await page.goto(`${collector.url}/profile`);
  await expect(page.getByRole('application', { name: /^Flame graph/ })).toBeVisible();
  await page.getByText('Export', { exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /pprof/ }).click();
  expect(await (await download).failure()).toBeNull();
});

test('an environment narrows the figures down, and stays chosen from page to page', async ({ page }) => {
  await page.goto(`${collector.url}/?token=${TOKEN}`);
  const environment = page.getByRole('combobox', { name: 'Environment' });
  await expect(environment.getByRole('option')).toHaveText(['All environments', 'production', 'staging']);
  await environment.selectOption('staging');
  await expect.poll(() => routes(page)).toEqual(['/trial']);
  await expect(page).toHaveURL(/environment=staging/);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Profile' }).click();
  await page.getByRole('tab', { name: 'Functions' }).click();
  const functions = page.getByRole('table', { name: 'Functions' });
  await expect(functions).toContainText('attempt');
  await expect(functions).not.toContainText('sell');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Routes' }).click();
  await expect(environment).toHaveValue('staging');
  await environment.selectOption('');
  await expect.poll(() => routes(page)).toEqual(expect.arrayContaining(['/shop', '/trial']));
});
