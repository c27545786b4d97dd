import type { BlocksAnswer, RequestsAnswer } from '../src/collector/api-trace-types.ts';
import { BLOCK_MS } from './recorded-run.ts';
import { ask, cellsOf, expect, test } from './viewer.ts';

test('the longest block is first, with its function, its stack, and who had to wait', async ({ open, collector }) => {
  const page = await open('/');
  await page.getByRole('link', { name: 'Blocks' }).click();
  await expect(page.getByRole('heading', { name: 'Event-loop blocks' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Event-loop blocks' })).toBeVisible();
  const { blocks } = await ask<BlocksAnswer>(collector, 'blocks?limit=200');
  const [longest] = await cellsOf(page, 'Event-loop blocks');
  expect(Math.abs(Number(longest?.[0]) - BLOCK_MS)).toBeLessThanOrEqual(20);
  expect(longest?.[1]).toBe('/api/busy');
  expect(longest?.[2]).toContain('burnCpu');
  // Counted from the requests' own times.
  const { requests } = await ask<RequestsAnswer>(collector, 'requests?limit=10000');
  const [first] = blocks;
  const others = requests.filter(
    ({ session, spanId, startMs, durationMs }) =>
      session === first?.session &&
      spanId !== first.spanId &&
      startMs <= first.startMs + first.durationMs &&
      startMs + durationMs >= first.startMs,
  );
  expect(others.length).toBeGreaterThan(0);
  expect(longest?.[3]).toBe(String(others.length));
  expect(longest?.[4]).toBe(String(first?.queued));
  const chosen = page.getByRole('region', { name: 'Selected block' });
  await expect(chosen.getByRole('list', { name: 'Stack' }).getByRole('listitem').first()).toContainText('burnCpu');
  await expect(chosen.getByRole('list', { name: 'Requests that had to wait' }).getByRole('listitem')).toHaveCount(
    blocks[0]?.inFlightRequests.length ?? -1,
  );
  await chosen.getByRole('link', { name: 'Flame chart of this moment' }).click();
  await expect(page.getByRole('application', { name: /^Flame chart/ })).toBeVisible();
});
