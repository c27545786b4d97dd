import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { MAPS } from './build-app.ts';
import { type RecordedEnvelope, replay } from './envelope-recording.ts';
import { ROOT } from './package-tarball.ts';
import { recordedRun } from './recorded-run.ts';

/** A collector as a user starts it, with a store of its own. */
export interface RunningCollector {
  url: string;
  stop(): Promise<void>;
}

export async function startCollector(
  envelopes: readonly RecordedEnvelope[],
  options: string[] = [],
): Promise<RunningCollector> {
  const folder = await mkdtemp(join(tmpdir(), 'next-profiling-viewer-'));
  const cli = join(ROOT, 'dist', 'cli.js');
  const args = [cli, 'collect', '--port', '0', '--store', join(folder, 'profiles.db'), '--maps', MAPS, ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = await addressOf(child);
    await replay(envelopes, url);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    const read = (part: Buffer): void => {
      text += part;
      const address = /(http:\/\/127\.0\.0\.1:\d+)\b(?!\/1)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`the collector ended with ${code}:\n${text}`)));
  });
}

/** What a page did that it must not: errors, and requests to anywhere else. */
function watch(page: Page, url: string): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url()))
      faults.push(`request: ${request.url()}`);
  });
  return faults;
}

interface ViewerFixtures {
  /** Opens an address of the viewer that shows the recorded run of the example app. */
  open: (path: string) => Promise<Page>;
}

/** Tests of the page on the recorded run. Each fails if the page logs an error or asks anyone but the collector. */
export const test = base.extend<ViewerFixtures, { collector: RunningCollector }>({
  collector: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are wanted from the pattern
    async ({}, use) => {
      const collector = await startCollector(await recordedRun(), ['--sentry-url', 'https://example.sentry.io']);
      // Reads the source maps, for which the first test would have to wait otherwise.
      await ask(collector, 'routes');
      await use(collector);
      await collector.stop();
    },
    { scope: 'worker', timeout: 600_000 },
  ],
  open: async ({ page, collector }, use) => {
    const faults = watch(page, collector.url);
    await use(async (path) => {
      await page.goto(`${collector.url}${path}`);
      return page;
    });
    expect(faults).toEqual([]);
  },
});

/** The collector's answer to the question that the page asks. */
export async function ask<T>(collector: RunningCollector, what: string): Promise<T> {
  const response = await fetch(`${collector.url}/api/v1/${what}`);
  if (!response.ok) throw new Error(`${what} is answered with ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** The text of a table by its label: a row of cells per row. */
export function cellsOf(page: Page, table: string): Promise<string[][]> {
  return page
    .getByRole('table', { name: table })
    .locator('tbody tr:not(.spacer)')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? '')));
}

export { expect };
