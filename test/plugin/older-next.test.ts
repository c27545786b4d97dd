import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NextConfig } from 'next';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withProfiling } from '../../plugin/index.ts';
import { projectWithNext } from './next-project.ts';

/** A project with a Next that has no hook after compilation yet. */
let project: string;

beforeEach(() => {
  project = projectWithNext('15.3.0');
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.stubEnv('TURBOPACK', undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Calls the config's webpack function as Next does, and lets the plugins in the result run as webpack does. */
async function compiledByWebpack(config: NextConfig, context: object): Promise<{ plugins: number }> {
  const whole = {
    dir: project,
    dev: false,
    isServer: true,
    nextRuntime: 'nodejs',
    config: { distDir: 'out' },
    ...context,
  };
  if (!config.webpack) throw new Error('the config has no webpack function');
  const { plugins } = config.webpack({ plugins: [] }, whole as never);
  for (const plugin of plugins) {
    const emitted: (() => Promise<void>)[] = [];
    plugin.apply({
      hooks: { afterEmit: { tapPromise: (_: string, run: () => Promise<void>) => emitted.push(run) } },
    });
    for (const run of emitted) await run();
  }
  return { plugins: plugins.length };
}

test('under webpack the engine is copied once the server is written', async () => {
  const config = withProfiling({}, { readableFrames: false });
  expect(config).not.toHaveProperty('compiler');
  expect(await compiledByWebpack(config, {})).toEqual({ plugins: 1 });
  expect(readdirSync(join(project, 'out', 'next-profiling'))).toContain('engine.cjs');
});

test('nothing is added for the browser, the edge and development', async () => {
  const config = withProfiling({});
  for (const context of [{ isServer: false, nextRuntime: undefined }, { nextRuntime: 'edge' }, { dev: true }]) {
    expect(await compiledByWebpack(config, context)).toEqual({ plugins: 0 });
  }
});

test('the user’s webpack function is called first, and its result kept', async () => {
  const webpack = vi.fn((given) => ({ ...given, plugins: [{ apply() {} }] }));
  expect(await compiledByWebpack(withProfiling({ webpack }, { readableFrames: false }), {})).toEqual({ plugins: 2 });
  expect(webpack).toHaveBeenCalledExactlyOnceWith({ plugins: [] }, expect.objectContaining({ dir: project }));
});

test('a Turbopack build, which cannot be served, fails with what is needed; next dev does not', () => {
  vi.stubEnv('TURBOPACK', '1');
  expect(() => withProfiling({})).toThrow(/needs 15\.4\.1 or newer with Turbopack.*found Next\.js 15\.3\.0/);
  vi.stubEnv('NODE_ENV', 'development');
  expect(withProfiling({})).not.toHaveProperty('webpack');
});
