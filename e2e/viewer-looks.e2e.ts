import AxeBuilder from '@axe-core/playwright';
import type { RequestsAnswer } from '../src/collector/api-trace-types.ts';
import { ask, expect, type RunningCollector, test } from './viewer.ts';

async function pagesOf(collector: RunningCollector): Promise<string[]> {
  const { requests } = await ask<RequestsAnswer>(collector, 'requests?limit=1');
  const compared = 'base=release%3Dshop%25401.0.0&new=release%3Dshop%25401.1.0';
  const tabs = ['graph', 'chart', 'tree', 'functions', 'requests'].map((tab) => `/profile?route=%2F&tab=${tab}`);
  return ['/', ...tabs, `/trace/${requests[0]?.traceId}`, '/blocks', `/compare?route=%2F&${compared}`, '/sessions'];
}

/** The two differ in colours alone. */
const RULES: Record<'light' | 'dark', (axe: AxeBuilder) => AxeBuilder> = {
  light: (axe) => axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']),
  dark: (axe) => axe.withRules('color-contrast'),
};

for (const [colorScheme, rules] of Object.entries(RULES) as [keyof typeof RULES, (axe: AxeBuilder) => AxeBuilder][]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test(`every page keeps to WCAG AA, and to a screen of 390 pixels`, async ({ open, collector }) => {
      for (const path of await pagesOf(collector)) {
        const page = await open(path);
        await expect(page.locator('main')).not.toContainText('Loading…');
        await page.waitForLoadState('networkidle');
        const { violations } = await rules(new AxeBuilder({ page })).analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`);
        expect(found, path).toEqual([]);
        await page.setViewportSize({ width: 390, height: 844 });
        await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: path }).toBe(390);
        await page.setViewportSize({ width: 1280, height: 860 });
      }
    });
  });
}

test('the theme follows the system until one is chosen, and stays chosen', async ({ open, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open('/');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Light' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});
