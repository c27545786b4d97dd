import AxeBuilder from '@axe-core/playwright';
import type { RequestsAnswer } from '../src/collector/api-trace-types.ts';
import { ask, expect, type RunningCollector, test } from './viewer.ts';

async function pagesOf(collector: RunningCollector): Promise<Record<string, string>> {
  const { requests } = await ask<RequestsAnswer>(collector, 'requests?limit=1');
  const compared = 'base=release%3Dshop%25401.0.0&new=release%3Dshop%25401.1.0';
  const profile = '/profile?route=%2F';
  return {
    routes: '/',
    graph: profile,
    chart: `${profile}&tab=chart`,
    tree: `${profile}&tab=tree`,
    functions: `${profile}&tab=functions`,
    requests: `${profile}&tab=requests`,
    trace: `/trace/${requests[0]?.traceId}`,
    blocks: '/blocks',
    compare: `/compare?route=%2F&${compared}`,
    sessions: '/sessions',
  };
}

async function violationsOf(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`);
}

test('every page keeps to WCAG AA, and to a screen of 390 pixels', async ({ open, collector }) => {
  for (const path of Object.values(await pagesOf(collector))) {
    const page = await open(path);
    await expect(page.locator('main')).not.toContainText('Loading…');
    await expect(page.locator('main h1')).toBeVisible();
    const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
    expect(await violationsOf(new AxeBuilder({ page }).withTags(rules)), path).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: path }).toBe(390);
    await page.setViewportSize({ width: 1280, height: 860 });
  }
});

test('dark colours have the contrast of WCAG AA', async ({ open, page, collector }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const { graph = '', functions = '', compare = '' } = await pagesOf(collector);
  for (const path of [graph, functions, compare]) {
    await open(path);
    await expect(page.locator('main')).not.toContainText('Loading…');
    expect(await violationsOf(new AxeBuilder({ page }).withRules('color-contrast')), path).toEqual([]);
  }
});

test('the theme follows the system until one is chosen, and stays chosen', async ({ open, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open('/');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Light' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});
