import { existsSync } from 'node:fs';
import type { NextConfig } from 'next';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { withProfiling } from '../../plugin/index.ts';
import { projectWithNext } from './next-project.ts';
import { LOADER } from './webpack-module.ts';

const RULE = '{*,next-profiling}';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('under Turbopack', () => {
  test('a rule of our own stands beside the user’s, and nothing else is changed', () => {
    vi.stubEnv('TURBOPACK', 'auto');
    const given = { root: '/somewhere', rules: { '*.svg': ['svg-loader'] }, resolveAlias: { a: 'b' } };
    const { turbopack } = withProfiling({ turbopack: given });
    expect(turbopack).toMatchObject(given);
    expect(Object.keys(turbopack?.rules ?? {})).toEqual(['*.svg', RULE]);
    expect(turbopack?.rules?.[RULE]).toMatchObject({ loaders: [{ loader: LOADER, options: {} }] });
    expect(existsSync(LOADER)).toBe(true);
    expect(withProfiling({})).not.toHaveProperty('webpack');
  });

  test('a webpack function without a turbopack key is left for Next to complain about', () => {
    vi.stubEnv('TURBOPACK', 'auto');
    const webpack = (config: unknown) => config;
    expect(withProfiling({ webpack })).not.toHaveProperty('turbopack');
    expect(withProfiling({ webpack }).webpack).toBe(webpack);
    expect(withProfiling({ webpack, turbopack: {} }).turbopack?.rules).toHaveProperty([RULE]);
  });

  test('a Next whose rules cannot tell a server from a browser gets none', () => {
    projectWithNext('15.5.29');
    vi.stubEnv('TURBOPACK', '1');
    expect(withProfiling({})).not.toHaveProperty('turbopack');
  });

  test('the project’s page extensions are passed on', () => {
    vi.stubEnv('TURBOPACK', 'auto');
    const rule = withProfiling({ pageExtensions: ['page.tsx'] }).turbopack?.rules?.[RULE];
    expect(rule).toMatchObject({ loaders: [{ options: { pageExtensions: ['page.tsx'] } }] });
  });
});

describe('under webpack', () => {
  const compile = (config: NextConfig, nextRuntime: string | undefined) =>
    config.webpack?.({ module: { rules: [{ test: /svg/ }] } }, { nextRuntime } as never);

  test('a rule for the server runs before all others, after the user’s function', () => {
    vi.stubEnv('TURBOPACK', undefined);
    const webpack = vi.fn((config) => ({ ...config, users: true }));
    const config = withProfiling({ webpack });
    expect(config).not.toHaveProperty('turbopack');
    expect(compile(config, 'nodejs')).toMatchObject({
      users: true,
      module: { rules: [{ test: /svg/ }, { enforce: 'pre', use: [{ loader: LOADER, options: {} }] }] },
    });
    expect(webpack).toHaveBeenCalledOnce();
  });

  test('nothing is added for the edge and the browser', () => {
    vi.stubEnv('TURBOPACK', undefined);
    for (const nextRuntime of ['edge', undefined]) {
      expect(compile(withProfiling({}), nextRuntime)).toEqual({ module: { rules: [{ test: /svg/ }] } });
    }
  });
});

test.for(['auto', undefined])('instrument: false adds nothing (TURBOPACK is %s)', (turbopack) => {
  vi.stubEnv('TURBOPACK', turbopack);
  const webpack = (config: unknown) => config;
  const rules = { '*.svg': ['svg-loader'] };
  const options = { instrument: false, readableFrames: false };
  expect(withProfiling({}, options)).not.toHaveProperty('turbopack');
  expect(withProfiling({}, options)).not.toHaveProperty('webpack');
  const config = withProfiling({ webpack, turbopack: { rules } }, options);
  expect(config.webpack).toBe(webpack);
  expect(config.turbopack?.rules).toBe(rules);
});
