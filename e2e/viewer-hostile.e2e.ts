import { expect, test } from '@playwright/test';
import type { RecordedEnvelope } from './envelope-recording.ts';
import { startCollector } from './viewer.ts';

/** What someone who can send to the collector may try to have the page run. */
const NASTY = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'"\`\${1}`;
const LINK = 'javascript:window.hacked=1';
const [TRACE, SPAN, SESSION] = ['a'.repeat(32), 'b'.repeat(16), 'c'.repeat(32)];
const START = 1_790_000_000;

function envelope(type: string, header: object, payload: object): RecordedEnvelope {
  const lines = [{}, { type, ...header }, payload].map((part) => JSON.stringify(part)).join('\n');
  const path = '/api/1/envelope/?sentry_key=public&sentry_version=7';
  return { path, body: Buffer.from(`${lines}\n`).toString('base64') };
}

const ENVELOPES = [
  envelope(
    'transaction',
    {},
    {
      type: 'transaction',
      event_id: 'd'.repeat(32),
      transaction: NASTY,
      start_timestamp: START,
      timestamp: START + 2,
      release: NASTY,
      environment: NASTY,
      spans: [],
      contexts: {
        profile: { profiler_id: SESSION },
        trace: {
          trace_id: TRACE,
          span_id: SPAN,
          op: 'http.server',
          status: NASTY,
          data: { 'thread.id': '0', 'http.route': NASTY },
        },
      },
    },
  ),
  envelope(
    'profile_chunk',
    { platform: 'node' },
    {
      version: '2',
      chunk_id: 'e'.repeat(32),
      profiler_id: SESSION,
      platform: 'node',
      release: NASTY,
      environment: NASTY,
      client_sdk: { name: NASTY, version: '1' },
      profile: {
        frames: [
          { function: NASTY, filename: LINK, abs_path: LINK, lineno: 1, colno: 1, in_app: true },
          { function: 'main', abs_path: `/srv/${NASTY}`, lineno: 2, colno: 2, in_app: true },
        ],
        stacks: [[0, 1]],
        samples: Array.from({ length: 100 }, (_, index) => ({
          timestamp: START + index / 100,
          stack_id: 0,
          thread_id: '0',
        })),
        thread_metadata: { '0': { name: NASTY } },
      },
    },
  ),
];

test('names, files, routes, releases and threads are text on every page, whatever is in them', async ({ page }) => {
  const collector = await startCollector(ENVELOPES);
  try {
    const links = new Set<string>();
    const session = `session=${SESSION}`;
    for (const path of [
      '/',
      `/profile?${session}`,
      `/profile?${session}&tab=chart`,
      `/profile?${session}&tab=tree`,
      `/profile?${session}&tab=functions`,
      `/profile?${session}&tab=requests`,
      `/trace/${TRACE}`,
      '/blocks',
      '/compare',
      '/sessions',
      `/profile?${session}&q=${encodeURIComponent(NASTY)}&frame=${encodeURIComponent(NASTY)}&route=${encodeURIComponent(NASTY)}`,
    ]) {
      await page.goto(`${collector.url}${path}`);
      await expect(page.locator('main')).not.toContainText('Loading…');
      await page.waitForLoadState('networkidle');
      for (const link of await page
        .locator('a')
        .evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).href))) {
        links.add(link);
      }
      expect(await page.evaluate(() => 'hacked' in window), path).toBe(false);
      expect(await page.locator('img, main script, iframe, object').count(), path).toBe(0);
    }
    expect([...links].filter((link) => !link.startsWith(collector.url))).toEqual([]);
    await page.goto(`${collector.url}/profile?${session}&tab=functions`);
    await expect(page.getByRole('table', { name: 'Functions' })).toContainText(NASTY);
  } finally {
    await collector.stop();
  }
});

test('the page comes under a policy that allows no script and no style but its own', async ({ page }) => {
  const collector = await startCollector([]);
  try {
    const response = await page.goto(collector.url);
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    await expect(page.getByRole('heading', { name: 'No profiles yet' })).toBeVisible();
  } finally {
    await collector.stop();
  }
});
