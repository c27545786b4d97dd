import type { CompareAnswer } from '../src/collector/api-trace-types.ts';
import { ask, cellsOf, expect, test } from './viewer.ts';

test('two releases of a route are compared per request, with the noise; the changed function is first', async ({
  open,
  collector,
}) => {
  const page = await open('/compare');
  await page.getByRole('combobox', { name: 'Route' }).selectOption('/api/busy');
  await page.getByRole('combobox', { name: 'Base release' }).selectOption('shop@1.0.0');
  await page.getByRole('combobox', { name: 'New release' }).selectOption('shop@1.1.0');
  await expect(page.getByRole('application', { name: /^Differential flame graph/ })).toBeVisible();
  const answer = await ask<CompareAnswer>(
    collector,
    'compare?route=%2Fapi%2Fbusy&base=release%3Dshop%25401.0.0&new=release%3Dshop%25401.1.0',
  );
  await expect(page.getByText(`Base, ${answer.base.requests} requests`)).toBeVisible();
  await expect(page.getByText(`New, ${answer.new.requests} requests`)).toBeVisible();
  const [first] = await cellsOf(page, 'Functions compared');
  expect(first?.[0]).toContain('burnCpu');
  expect(Number(first?.[2])).toBeGreaterThan(Number(first?.[1]));
  // Its address brings the comparison back.
  await page.goto(page.url());
  await expect(page.getByText(`Base, ${answer.base.requests} requests`)).toBeVisible();
});
