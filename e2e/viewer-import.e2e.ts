import type { Page } from '@playwright/test';
import type { FunctionsAnswer } from '../src/collector/api-types.ts';
import { ask, cellsOf, expect, startCollector, test } from './viewer.ts';

/** Drops a file on the page, as the browser does for one that is dragged over from a folder. */
async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  const data = await page.evaluateHandle(
    ([file, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(text), (char) => char.charCodeAt(0))], file));
      return transfer;
    },
    [name, bytes.toString('base64')] as const,
  );
  const place = page.getByRole('region', { name: 'Import' });
  await place.dispatchEvent('dragover', { dataTransfer: data });
  await place.dispatchEvent('drop', { dataTransfer: data });
}

test('a file of each format that is dropped on the page is a session with the same functions', async ({
  page,
  collector,
}) => {
  const { functions } = await ask<FunctionsAnswer>(collector, 'functions?route=%2Fapi%2Fbusy');
  const empty = await startCollector([]);
  try {
    for (const format of ['speedscope', 'cpuprofile', 'pprof']) {
      const file = await fetch(`${collector.url}/api/v1/export?route=%2Fapi%2Fbusy&format=${format}`);
      await page.goto(`${empty.url}/sessions`);
      await drop(page, `busy.${format}`, Buffer.from(await file.arrayBuffer()));
      await expect(page.getByRole('application', { name: /^Flame graph/ })).toBeVisible();
      await page.getByRole('tab', { name: 'Functions' }).click();
      const [first] = await cellsOf(page, 'Functions');
      expect(first?.[0], format).toContain(functions[0]?.name);
      expect(Number(first?.[1]?.replace(',', '')), format).toBeCloseTo(functions[0]?.selfMs ?? 0, -1);
      await page.goto(`${empty.url}/sessions`);
      await expect(page.getByRole('row', { name: new RegExp(`busy\\.${format}`) })).toContainText('Import');
    }
    await drop(page, 'notes.txt', Buffer.from('no profile at all'));
    await expect(page.getByRole('alert')).toContainText('not a profile that can be imported');
  } finally {
    await empty.stop();
  }
});
