import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { test } from '@playwright/test';
import { profileOfManyNodes } from './many-nodes.ts';
import { step } from './progress.ts';
import { expect, startCollector } from './viewer.ts';

const NODES = 300_000;

/** Notes when anything is first written on a canvas, and how long each frame takes that does so. */
function watchCanvas(): void {
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (...args) {
    if (performance.getEntriesByName('first text').length === 0) performance.mark('first text');
    return fillText.apply(this, args as never);
  };
}

/** Milliseconds from the last byte of the call tree to the first picture of it. */
const firstPictureMs = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const [tree] = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/v1/tree'));
    const [picture] = performance.getEntriesByName('first text');
    return (picture?.startTime ?? Number.NaN) - (tree as PerformanceResourceTiming).responseEnd;
  });

/** Milliseconds per frame while the wheel zooms in and out, sorted. */
const zoomFramesMs = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const canvas = document.querySelector('.flame-canvas canvas') as HTMLCanvasElement;
    const { left, top, width } = canvas.getBoundingClientRect();
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const frames: number[] = [];
    let before = await nextFrame();
    for (let index = 0; index < 60; index++) {
      const deltaY = index % 20 < 11 ? -120 : 120;
      const place = { clientX: left + width * 0.4, clientY: top + 100 };
      canvas.dispatchEvent(new WheelEvent('wheel', { deltaY, ...place, bubbles: true, cancelable: true }));
      const now = await nextFrame();
      frames.push(now - before);
      before = now;
    }
    return frames.sort((a, b) => a - b);
  });

test('a call tree of 300,000 nodes is drawn, zoomed, searched and listed whole', async ({ page }) => {
  const collector = await startCollector([]);
  try {
    const body = gzipSync(profileOfManyNodes(NODES), { level: 1 });
    const imported = await fetch(`${collector.url}/api/v1/import?name=many.cpuprofile`, { method: 'POST', body });
    const { session } = (await imported.json()) as { session: string };
    await page.addInitScript(watchCanvas);
    await page.goto(`${collector.url}/profile?session=${session}`);
    const graph = page.getByRole('application', { name: /^Flame graph/ });
    await expect(graph).toBeVisible({ timeout: 60_000 });
    await expect.poll(() => firstPictureMs(page)).not.toBeNaN();
    const picture = await firstPictureMs(page);
    const frames = await zoomFramesMs(page);
    const median = frames[frames.length / 2] ?? Number.NaN;
    // Figures for whoever reads the log: how long is the machine's business as much as ours.
    await step(
      `first picture ${picture.toFixed(0)} ms after the data, a frame of zooming ${median.toFixed(0)} ms (median)`,
      async () => {},
    );
    await expect(page).toHaveURL(/zoom=/);
    await page.getByRole('searchbox').fill('function77');
    await expect(page.getByRole('status')).toContainText(/^\d+ functions, \d+\.\d%$/);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('tab', { name: 'Functions' }).click();
    await expect(page.getByRole('table', { name: 'Functions' })).toHaveAttribute('aria-rowcount', '2001');
  } finally {
    await collector.stop();
  }
});
