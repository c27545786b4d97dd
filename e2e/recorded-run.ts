import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { buildApp } from './build-app.ts';
import { type Deployment, deploy } from './deployment.ts';
import { EnvelopeRecorder, type RecordedEnvelope } from './envelope-recording.ts';
import { CACHE, ROOT } from './package-tarball.ts';
import { step } from './progress.ts';
import { RunningApp } from './running-app.ts';

/** Two releases of the example app under load; in the second `/api/busy` works twice as long. */
export const RELEASES = [
  { release: 'shop@1.0.0', busyMs: 20 },
  { release: 'shop@1.1.0', busyMs: 40 },
] as const;

/** How long the request blocks that everyone else has to wait for, milliseconds. */
export const BLOCK_MS = 300;
/** Requests that wait for it; each of them only awaits a timer. */
const LOAD_MS = 8_000;

/**
 * What the example app sends, recorded once and kept for as long as what is sent comes from the same code. All tests of
 * the page look at it.
 */
export async function recordedRun(): Promise<RecordedEnvelope[]> {
  const file = join(CACHE, 'recorded-run', `${await recordingKey()}.json`);
  if (!existsSync(file)) {
    const envelopes = await record();
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, JSON.stringify(envelopes));
  }
  return JSON.parse(await readFile(file, 'utf8'));
}

async function recordingKey(): Promise<string> {
  const hash = createHash('sha256');
  for (const part of ['dist/engine.cjs', 'dist/plugin.js', 'dist/wrap-loader.cjs']) {
    hash.update(await readFile(join(ROOT, part)));
  }
  hash.update(await readFile(import.meta.filename));
  return hash.digest('hex').slice(0, 16);
}

async function record(): Promise<RecordedEnvelope[]> {
  const app = await buildApp({ name: 'next-16-turbopack', next: 16, bundler: 'turbopack' });
  const deployment = await deploy(app);
  const recorder = await EnvelopeRecorder.listen();
  try {
    for (const release of RELEASES) await recordRelease(deployment, recorder, release);
    return recorder.envelopes;
  } finally {
    await recorder.close();
    await deployment.remove();
  }
}

async function recordRelease(
  { server }: Deployment,
  recorder: EnvelopeRecorder,
  { release, busyMs }: (typeof RELEASES)[number],
): Promise<void> {
  const env = { SENTRY_DSN: recorder.dsn, SENTRY_RELEASE: release, SENTRY_ENVIRONMENT: 'e2e' };
  const app = await RunningApp.startStandalone(server, env);
  try {
    const chunksBefore = recorder.chunks;
    await step(`recording ${release} under load`, () => load(app, busyMs));
    // The session ends a second after the last request, and its last chunk is sent then.
    await expect.poll(() => recorder.chunks, { timeout: 30_000 }).toBeGreaterThan(chunksBefore);
  } finally {
    await app.stop();
  }
}

/** Two busy clients, one that renders, one that is light, and in the middle one request that blocks the others. */
async function load(app: RunningApp, busyMs: number): Promise<void> {
  const endMs = performance.now() + LOAD_MS;
  const client = async (path: string, pauseMs: number): Promise<void> => {
    while (performance.now() < endMs) {
      await (await app.get(path)).arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const block = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, LOAD_MS / 2));
    await (await app.get(`/api/busy?ms=${BLOCK_MS}`)).arrayBuffer();
  };
  await Promise.all([
    client(`/api/busy?ms=${busyMs}`, 60),
    client('/blog/hello', 40),
    client('/', 90),
    client('/api/light', 15),
    client('/api/light', 25),
    block(),
  ]);
}
