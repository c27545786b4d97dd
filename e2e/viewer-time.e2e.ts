import type { Page } from '@playwright/test';
import type { TimelineAnswer } from '../src/collector/api-profile-types.ts';
import { chunkItem, envelopeOf } from '../test/collector/envelope-of.ts';
import { chunkOf, T0 } from '../test/profile/chunk-of.ts';
import { ask, expect, startCollector, test } from './viewer.ts';

const CHART = '/profile?route=%2Fapi%2Fbusy&tab=chart';
const lanes = (page: Page) => page.getByRole('group', { name: 'Threads and lanes' }).getByRole('button');

test('CPU, memory and event-loop delay are drawn over time, and dragging over one narrows everything down', async ({
  open,
}) => {
  const page = await open('/profile');
  for (const name of ['CPU', 'Memory', 'Loop delay']) {
    await expect(page.getByRole('img', { name: new RegExp(`^${name} from \\d`) })).toBeVisible();
  }
  await expect(page.getByText(/Drag to select a time range · \d+ chunks/)).toBeVisible();
  const sum = page.getByRole('complementary', { name: 'Selected function' }).getByRole('heading');
  const whole = await sum.textContent();
  const chart = await page.getByRole('img', { name: /^CPU from/ }).boundingBox();
  if (chart === null) throw new Error('the chart has no place');
  await page.mouse.move(chart.x + chart.width * 0.1, chart.y + 20);
  await page.mouse.down();
  await page.mouse.move(chart.x + chart.width * 0.3, chart.y + 20, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d+&to=\d+/);
  await expect(sum).not.toHaveText(whole ?? '');
  await page.getByRole('button', { name: 'Show all time' }).click();
  await expect(sum).toHaveText(whole ?? '');
});

test('the flame chart shows one lane in the order of time, and every lane with its CPU time to choose from', async ({
  open,
  collector,
}) => {
  const page = await open(CHART);
  const { threads } = await ask<TimelineAnswer>(collector, 'timeline?route=%2Fapi%2Fbusy');
  await expect(lanes(page)).toHaveCount(threads.length);
  await expect(lanes(page).first()).toContainText(threads[0]?.name ?? '');
  await expect(lanes(page).first()).toHaveAttribute('aria-pressed', 'true');
  // When a lane was at work stands above the same time in the chart.
  const [strip, chart] = [
    lanes(page).first().locator('canvas'),
    page.getByRole('application', { name: /^Flame chart/ }),
  ];
  const [above, below] = [await strip.boundingBox(), await chart.boundingBox()];
  expect(Math.abs((above?.x ?? 0) - (below?.x ?? 1e3))).toBeLessThan(2);
  expect(Math.abs((above?.width ?? 0) - (below?.width ?? 1e3))).toBeLessThan(3);
  await lanes(page).nth(1).click();
  await expect(page.getByRole('application', { name: `Flame chart of ${threads[1]?.name}` })).toBeVisible();
  const address = page.url();
  await page.goto(address);
  await expect(lanes(page).nth(1)).toHaveAttribute('aria-pressed', 'true');
});

test('brushing a chart moves the flame chart, whose own zoom is shaded in the charts', async ({ open }) => {
  const page = await open(CHART);
  const chart = await page.getByRole('img', { name: /^CPU from/ }).boundingBox();
  await expect(lanes(page).first()).toBeVisible();
  if (chart === null) throw new Error('the chart has no place');
  const shaded = () =>
    page
      .locator('.chart canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const before = await shaded();
  await page.mouse.move(chart.x + chart.width * 0.4, chart.y + 20);
  await page.mouse.down();
  await page.mouse.move(chart.x + chart.width * 0.5, chart.y + 20, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/zoom=0\.[34]\d*(~|%7E)0\.[45]/);
  await expect.poll(shaded).not.toBe(before);
});

test('a session can be chosen, and within it a thread or lane', async ({ open }) => {
  const page = await open('/profile');
  const sessions = page.getByRole('combobox', { name: 'Profiler session' });
  await expect(sessions.getByRole('option')).toHaveCount(3);
  await sessions.selectOption({ index: 1 });
  const threads = page.getByRole('combobox', { name: 'Thread' });
  await expect(threads.getByRole('option', { name: /main · lane 1 — \d/ })).toHaveCount(1);
  await threads.selectOption({ index: 1 });
  await expect(page).toHaveURL(/session=[0-9a-f]{32}&thread=\d+/);
  await expect(page.getByRole('application', { name: /^Flame graph/ })).toBeVisible();
});

test('what was lost on the way is marked above the charts, with what and why, for a session as for a range', async ({
  page,
}) => {
  const values = Array.from({ length: 60 }, (_, index) => ({ timestamp: T0 + 60 + index / 2, value: index }));
  const chunk = chunkOf(
    [
      [60, ['work']],
      [90, ['work']],
    ],
    { measurements: { cpu_usage: { unit: 'percent', values } } },
  );
  const drop = { reason: 'queue_full', chunks: 2, samples: 1_234, start: T0 + 65, end: T0 + 75 };
  const extension = { version: 1, sampling_interval_us: 10_101, end: 'stop', samples: 2, stall_ms: 0 } as const;
  const told = { ...chunk, next_profiling: { ...extension, dropped: [drop] } };
  const body = Buffer.from(envelopeOf(chunkItem(told))).toString('base64');
  const collector = await startCollector([{ path: '/api/1/envelope/?sentry_key=public', body }]);
  try {
    for (const choice of [`session=${chunk.profiler_id}`, `from=${(T0 + 60) * 1e3}&to=${(T0 + 90) * 1e3}`]) {
      await page.goto(`${collector.url}/profile?${choice}`);
      const mark = page.getByRole('list', { name: 'Lost samples' }).getByRole('listitem');
      await expect(mark).toContainText('2 chunks with 1234 samples lost: too many were waiting for an answer');
      await expect(mark).toHaveAttribute('title', /^\d\d:\d\d:\d\d to \d\d:\d\d:\d\d: 2 chunks/);
      const [at, chart] = [await mark.boundingBox(), await page.getByRole('img', { name: /^CPU from/ }).boundingBox()];
      if (at === null || chart === null) throw new Error('the mark or the chart has no place');
      // A sixth of the chart's time has passed then, and half when it was over.
      expect((at.x - chart.x) / chart.width).toBeCloseTo(1 / 6, 1);
      expect(at.width / chart.width).toBeCloseTo(1 / 3, 1);
    }
    await expect(
      page.getByText(/Drag to select a time range · 1 chunk · 2 chunks with 1234 samples lost/),
    ).toBeVisible();
  } finally {
    await collector.stop();
  }
});
