import type { RequestsAnswer, TraceAnswer } from '../src/collector/api-trace-types.ts';
import { ask, cellsOf, expect, test } from './viewer.ts';

test('from a profile to its requests, to the trace of one, to the flame graph of a span, and back', async ({
  open,
  collector,
}) => {
  const page = await open('/profile?route=%2Fblog%2F%5Bslug%5D');
  await page.getByRole('tab', { name: 'Requests' }).click();
  await page.getByRole('link', { name: 'GET /blog/[slug]' }).first().click();
  await expect(page.getByRole('heading', { name: 'GET /blog/[slug]' })).toBeVisible();
  const id = /\/trace\/([0-9a-f]{32})/.exec(page.url())?.[1] ?? '';
  const trace = await ask<TraceAnswer>(collector, `trace?trace=${id}`);
  const rows = await cellsOf(page, 'Spans of the trace');
  expect(rows.map(([name]) => name).sort()).toEqual(trace.spans.map(({ name }) => name).sort());
  await page.getByRole('link', { name: 'Page /blog/[slug]' }).click();
  await expect(page).toHaveURL(/\/profile\?.*span=[0-9a-f]{16}/);
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'GET /blog/[slug]' })).toBeVisible();
  await page.getByRole('link', { name: 'Flame graph of this trace' }).click();
  await expect(page.getByRole('application', { name: /^Flame graph/ })).toBeVisible();
  await page.getByRole('button', { name: 'Show more than this trace' }).click();
  await expect(page).not.toHaveURL(/trace=/);
});

test('each span of the waterfall has its exact CPU time beside its duration', async ({ open, collector }) => {
  const { requests } = await ask<RequestsAnswer>(collector, 'requests?sort=cpu&limit=1');
  const id = requests[0]?.traceId ?? '';
  const page = await open(`/trace/${id}`);
  const { spans } = await ask<TraceAnswer>(collector, `trace?trace=${id}`);
  const working = spans.find(({ cpuSelfMs }) => (cpuSelfMs ?? 0) > 1);
  expect(working, 'a span that worked').toBeDefined();
  const figure = (ms: number): string => (ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2));
  await expect(page.getByRole('table', { name: 'Spans of the trace' })).toBeVisible();
  const row = (await cellsOf(page, 'Spans of the trace')).find(([name]) => name === working?.name);
  expect(row?.[1]).toBe(figure((working?.endMs ?? 0) - (working?.startMs ?? 0)));
  expect(row?.[2]).toBe(figure(working?.cpuTotalMs ?? 0));
  expect(row?.[3]).toBe(figure(working?.cpuSelfMs ?? 0));
});

test('the same trace in Sentry is one click away where the collector knows the address', async ({
  open,
  collector,
}) => {
  const { requests } = await ask<RequestsAnswer>(collector, 'requests?limit=1');
  const page = await open(`/trace/${requests[0]?.traceId}`);
  const link = page.getByRole('link', { name: /Same trace in Sentry/ });
  await expect(link).toHaveAttribute('href', new RegExp(`^https://example\\.sentry\\.io/.*${requests[0]?.traceId}`));
  await expect(link).toHaveAttribute('rel', /noreferrer/);
});
