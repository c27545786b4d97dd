import type { Page } from '@playwright/test';
import type { FunctionsAnswer } from '../src/collector/api-types.ts';
import { ask, cellsOf, expect, test } from './viewer.ts';

const BUSY = '/profile?route=%2Fapi%2Fbusy';

const graph = (page: Page) => page.getByRole('application', { name: /^Flame graph/ });
const detail = (page: Page) => page.getByRole('complementary', { name: 'Selected function' });

test('a route opens as a flame graph; keys select along the stack, Enter zooms, Escape shows all', async ({ open }) => {
  const page = await open('/');
  await page.getByRole('link', { name: '/api/busy', exact: true }).click();
  await expect(page.getByRole('heading', { name: '/api/busy' })).toBeVisible();
  await graph(page).focus();
  await page.keyboard.press('ArrowDown');
  await expect(detail(page).getByRole('heading', { name: 'processTicksAndRejections' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(/frame=runMicrotasks/);
  await page.keyboard.press('ArrowUp');
  await expect(page).toHaveURL(/frame=processTicksAndRejections/);
  await page.keyboard.press('+');
  await expect(page).toHaveURL(/zoom=/);
  const zoomed = page.url();
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/zoom=/);
  await page.goto(zoomed);
  await expect(graph(page)).toBeVisible();
  await expect(page).toHaveURL(zoomed);
});

test('the mouse points at a box for its figures, selects by a click, zooms by the wheel and pans by dragging', async ({
  open,
}) => {
  const page = await open(BUSY);
  const box = await graph(page).boundingBox();
  if (box === null) throw new Error('the flame graph has no place');
  const [x, y] = [box.x + 60, box.y + 9];
  await page.mouse.move(x, y);
  await expect(page.getByRole('tooltip')).toContainText('processTicksAndRejections');
  await expect(page.getByRole('tooltip')).toContainText(/total, 9\d\.\d%/);
  await page.mouse.click(x, y);
  await expect(detail(page)).toContainText('processTicksAndRejections');
  await page.mouse.wheel(0, -400);
  await expect(page).toHaveURL(/zoom=/);
  const before = new URL(page.url()).searchParams.get('zoom');
  await page.mouse.down();
  await page.mouse.move(x + 50, y + 30, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => new URL(page.url()).searchParams.get('zoom')).not.toBe(before);
});

test('the search counts what it finds, and n goes from match to match', async ({ open }) => {
  const page = await open(BUSY);
  await expect(graph(page)).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('burnCpu');
  await expect(page.getByRole('status')).toContainText(/^1 function, \d+\.\d%$/);
  await graph(page).focus();
  await page.keyboard.press('n');
  await expect(detail(page).getByRole('heading', { name: 'burnCpu' })).toBeVisible();
});

test('width is CPU time or wall time, whichever is chosen; hiding the framework leaves the app and the sum', async ({
  open,
}) => {
  const page = await open(BUSY);
  const sum = detail(page).getByRole('heading');
  await expect(sum).toContainText('in all');
  const cpu = await sum.textContent();
  await page.getByRole('checkbox', { name: 'Hide framework frames' }).check();
  await graph(page).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(/frame=/);
  expect(new URL(page.url()).searchParams.get('frame')).not.toContain('processTicksAndRejections');
  await page.keyboard.press('Escape');
  await expect(sum).toHaveText(cpu ?? '');
  await page.getByRole('button', { name: 'Wall time' }).click();
  await expect(page).toHaveURL(/weight=wall/);
  await expect(sum).not.toHaveText(cpu ?? '');
});

test('functions have the self and total time that the collector counts, each by its own way', async ({
  open,
  collector,
}) => {
  const page = await open(`${BUSY}&tab=functions`);
  await expect(page.getByRole('table', { name: 'Functions' })).toBeVisible();
  const { functions } = await ask<FunctionsAnswer>(collector, 'functions?route=%2Fapi%2Fbusy');
  const figure = (ms: number): string => (ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2));
  const rows = await cellsOf(page, 'Functions');
  for (const [index, expected] of functions.slice(0, 10).entries()) {
    const [name, self, , total] = rows[index] ?? [];
    expect(name?.startsWith(expected.name), `${name} is ${expected.name}`).toBe(true);
    expect(self?.replace(',', '')).toBe(figure(expected.selfMs));
    expect(total?.replace(',', '')).toBe(figure(expected.totalMs));
  }
});

test('the call tree opens downwards and from the leaves upwards, and who called and was called is beside it', async ({
  open,
}) => {
  const page = await open(`${BUSY}&tab=tree`);
  const down = page.getByRole('table', { name: 'Call tree, top-down' });
  await expect(down.getByRole('row', { name: /burnCpu/ }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Bottom-up' }).click();
  const up = page.getByRole('table', { name: 'Call tree, bottom-up' });
  await expect(up.locator('tbody tr').first()).toContainText('burnCpu');
  await up.getByRole('button', { name: 'Open burnCpu' }).click();
  await expect(up.locator('tbody tr').nth(1)).toContainText('GET');
  await up.locator('tbody tr').first().click();
  const callers = detail(page).getByRole('region', { name: 'Called by' });
  await expect(callers.getByRole('button')).toContainText(['GET']);
  await callers.getByRole('button').first().click();
  await expect(detail(page).getByRole('heading', { name: 'GET' })).toBeVisible();
  await expect(detail(page).getByRole('region', { name: 'Calls' })).toContainText('burnCpu');
});

test('the call tree sorts what is below each row by the head that is clicked; rows are chosen by keys too', async ({
  open,
}) => {
  const page = await open(`${BUSY}&tab=tree`);
  const down = page.getByRole('table', { name: 'Call tree, top-down' });
  await down.getByRole('button', { name: 'Self CPU, ms' }).click();
  await expect(page).toHaveURL(/sort=self/);
  const self = async () => (await cellsOf(page, 'Call tree, top-down')).map((row) => Number(row[3]?.replace(',', '')));
  await down
    .getByRole('button', { name: /^Close/ })
    .first()
    .click();
  const roots = await self();
  expect(roots).toEqual([...roots].sort((a, b) => b - a));
  await down.locator('tbody tr').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(down.locator('tbody tr').nth(1)).toHaveAttribute('aria-selected', 'true');
});

test('the source lines of a function are beside it, as they were written', async ({ open }) => {
  const page = await open(`${BUSY}&tab=functions`);
  await page
    .getByRole('row', { name: /burnCpu/ })
    .first()
    .click();
  const source = detail(page).getByRole('region', { name: 'Source' });
  await expect(source.locator('.at')).toHaveText('export function burnCpu(ms: number): number {');
  await expect(source.getByRole('listitem')).toContainText(['while (performance.now() < end) {']);
});
