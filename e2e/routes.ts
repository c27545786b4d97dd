import { expect } from '@playwright/test';
import type { RunningApp } from './running-app.ts';

/** Asks every route of the example app once, the server action among them, and checks what each says. */
export async function expectEveryRouteToWork(app: RunningApp): Promise<void> {
  const page = await text(app, '/');
  expect(page).toContain('best is product');
  expect(page, 'the late component').toContain('You may like product');
  expect(await text(app, '/blog/hello')).toContain('[const]');
  expect(await text(app, '/api/light')).toBe('{"ok":true}');
  expect(await text(app, '/api/busy?ms=5')).toBe('{"ms":5,"primes":1028}');
  expect(await text(app, '/api/legacy')).toMatch(/^\{"total":\d+\}$/);
  for (const wrong of ['', '?ms=', '?ms=-1', '?ms=5001', '?ms=1.5', '?ms=x']) {
    expect((await app.get(`/api/busy${wrong}`)).status, `/api/busy${wrong}`).toBe(400);
  }
  await expectVoteToWork(app, page);
}

async function text(app: RunningApp, path: string): Promise<string> {
  const response = await app.get(path);
  expect(response.status, path).toBe(200);
  return response.text();
}

/** Submits the page's form as a browser without JavaScript does: the hidden field names the action. */
async function expectVoteToWork(app: RunningApp, page: string): Promise<void> {
  const action = page.match(/name="(\$ACTION_ID_[0-9a-f]+)"/)?.[1];
  if (action === undefined) throw new Error(`the page has no server action:\n${page}`);
  const form = new FormData();
  form.set(action, '');
  form.set('choice', 'coffee');
  expect((await app.get('/', { method: 'POST', body: form })).status, 'server action').toBe(200);
}
