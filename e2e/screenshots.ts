/**
 * `npm run screenshots`: pictures of the main pages, light and dark, wide and narrow, in `.cache/screenshots`, and the
 * README's picture in `docs`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import type { RequestsAnswer } from '../src/collector/api-trace-types.ts';
import { CACHE, ROOT } from './package-tarball.ts';
import playwright from './playwright.config.ts';
import { recordedRun } from './recorded-run.ts';
import { ask, expect, startCollector } from './viewer.ts';

const FOLDER = join(CACHE, 'screenshots');
const README_PICTURE = join(ROOT, 'docs', 'flame-graph.png');
const VIEWPORTS = { wide: { width: 1280, height: 860 }, narrow: { width: 390, height: 844 } };
const BUSY = '/profile?route=%2Fapi%2Fbusy';

const collector = await startCollector(await recordedRun(), ['--sentry-url', 'https://example.sentry.io']);
const empty = await startCollector([]);
const browser = await chromium.launch(playwright.use?.launchOptions);
try {
  await mkdir(FOLDER, { recursive: true });
  await mkdir(join(README_PICTURE, '..'), { recursive: true });
  const pages = { ...(await addresses()), empty: empty.url };
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries(VIEWPORTS)) {
      for (const [name, url] of Object.entries(pages)) {
        const page = await opened(browser, url, { viewport, colorScheme });
        await page.screenshot({ path: join(FOLDER, `${name}-${size}-${colorScheme}.png`), fullPage: true });
        await page.close();
      }
    }
  }
  const page = await opened(browser, pages.graph, { viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  await page.screenshot({ path: README_PICTURE });
  console.log(`» ${FOLDER}\n» ${README_PICTURE}`);
} finally {
  await browser.close();
  await Promise.all([collector.stop(), empty.stop()]);
}

async function addresses() {
  const { requests } = await ask<RequestsAnswer>(collector, 'requests?route=%2Fblog%2F%5Bslug%5D&sort=cpu&limit=1');
  const frame = `frame=${encodeURIComponent('rankProducts app/rank-products.ts:2:29')}`;
  return {
    routes: `${collector.url}/`,
    graph: `${collector.url}/profile?route=%2F&${frame}`,
    whole: `${collector.url}${BUSY}`,
    chart: `${collector.url}${BUSY}&tab=chart`,
    tree: `${collector.url}${BUSY}&tab=tree`,
    functions: `${collector.url}${BUSY}&tab=functions`,
    requests: `${collector.url}${BUSY}&tab=requests`,
    trace: `${collector.url}/trace/${requests[0]?.traceId}`,
    blocks: `${collector.url}/blocks`,
    compare: `${collector.url}/compare?route=%2Fapi%2Fbusy&base=release%3Dshop%25401.0.0&new=release%3Dshop%25401.1.0`,
    sessions: `${collector.url}/sessions`,
  };
}

type Looks = Parameters<Browser['newPage']>[0];

async function opened(browser: Browser, url: string, looks: Looks): Promise<Page> {
  const page = await browser.newPage(looks);
  await page.goto(url);
  await expect(page.locator('main')).not.toContainText('Loading…', { timeout: 30_000 });
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  return page;
}
