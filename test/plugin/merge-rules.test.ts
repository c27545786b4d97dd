import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NextConfig } from 'next';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withProfiling } from '../../plugin/index.ts';
import { deepFreeze, resolved, WRAPPERS, type Wrapper } from './config-wrappers.ts';
import { LOADER } from './webpack-module.ts';

const ADDON = 'next-profiling/prebuilds';
const RULE = '{*,next-profiling}';

let project: string;
/** Who was called, in order. */
let called: string[];

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'next-profiling-'));
  called = [];
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(project, { recursive: true });
});

/** A value of the user's under every key that we, too, have something to say about. */
const users = (): NextConfig => ({
  pageExtensions: ['tsx', 'mdx'],
  serverExternalPackages: ['pg', ADDON, 'sharp'],
  outputFileTracingIncludes: { '/api/busy': ['./data/**'] },
  outputFileTracingExcludes: { '/api/busy': ['./secret/**'] },
  experimental: { serverActions: { bodySizeLimit: '2mb' }, optimizePackageImports: ['lodash'] },
  env: { USERS: '1' },
  turbopack: { root: '/somewhere', rules: { '*.svg': ['svg-loader'] }, resolveAlias: { a: 'b' } },
  compiler: {
    removeConsole: true,
    runAfterProductionCompile: async ({ distDir }) => {
      called.push(
        existsSync(join(distDir, 'next-profiling')) ? 'the hook of the user, too late' : 'the hook of the user',
      );
    },
  },
  webpack: (config) => {
    called.push('the webpack function of the user');
    config.module.rules.push({ test: /\.svg$/, use: ['svg-loader'] });
    return config;
  },
});

type Order = (wrapper: Wrapper, config: NextConfig) => NextConfig;
const ORDERS: Record<string, Order> = {
  'ours outside': (wrapper, config) => withProfiling(wrapper(config)),
  'ours inside': (wrapper, config) => wrapper(withProfiling(config)),
  'between two of ours': (wrapper, config) => withProfiling(wrapper(withProfiling(config))),
};

/** All of them around each other. */
const all: Wrapper = (config) =>
  [WRAPPERS['next-intl'], WRAPPERS['@next/mdx'], WRAPPERS['@next/bundle-analyzer'], WRAPPERS['Sentry 11']].reduce(
    (inner, wrap) => wrap?.(inner) ?? inner,
    config,
  );

const CASES = Object.entries({ ...WRAPPERS, 'all four': all }).flatMap(([name, wrapper]) =>
  Object.entries(ORDERS).map(([order, compose]) => ({ name, wrapper, order, compose })),
);

for (const bundler of ['Turbopack', 'webpack'] as const) {
  describe.for(CASES)(`$name, $order, ${bundler}`, ({ wrapper, compose }) => {
    let [alone, both]: NextConfig[] = [];

    beforeEach(async () => {
      vi.stubEnv('TURBOPACK', bundler === 'Turbopack' ? 'auto' : undefined);
      alone = await resolved(wrapper(users()));
      both = await resolved(compose(wrapper, users()));
    });

    test('what the other wrapper made of the user’s config is all there', () => {
      const { serverExternalPackages = [], ...rest } = dataOf(alone);
      expect(dataOf(both)).toMatchObject(rest);
      expect(both?.serverExternalPackages).toEqual(expect.arrayContaining(serverExternalPackages));
    });

    test('what is ours is there once', () => {
      expect(both?.serverExternalPackages?.filter((name) => name === ADDON)).toHaveLength(1);
      expect(Object.keys(both?.turbopack?.rules ?? {}).filter((key) => key === RULE)).toHaveLength(
        bundler === 'Turbopack' ? 1 : 0,
      );
    });

    test('after compilation the user’s hook runs, once and before ours', async () => {
      const distDir = join(project, '.next');
      mkdirSync(distDir);
      await both?.compiler?.runAfterProductionCompile?.({ projectDir: project, distDir });
      expect(called).toEqual(['the hook of the user']);
      expect(existsSync(join(distDir, 'next-profiling', 'engine.cjs'))).toBe(true);
      const said = vi
        .mocked(console.log)
        .mock.calls.flat()
        .filter((line) => String(line).includes('copied the engine'));
      expect(said).toHaveLength(1);
    });

    test('nothing that we were given was changed', async () => {
      await resolved(withProfiling(deepFreeze(await resolved(wrapper(users())))));
    });

    if (bundler === 'Turbopack') return;
    test('webpack gets the rules and plugins of all three, and ours once', () => {
      const before = compiledBy(alone);
      expect(called).toEqual(['the webpack function of the user']);
      called = [];
      const after = compiledBy(both);
      expect(called).toEqual(['the webpack function of the user']);
      const [ours, others] = [after.rules.filter(isOurs), after.rules.filter((rule) => !isOurs(rule))];
      expect(ours).toEqual([expect.stringContaining('"enforce":"pre"')]);
      expect(others).toEqual(before.rules);
      // Ours is a plain object, the one that has maps written.
      expect(after.plugins.toSorted()).toEqual([...before.plugins, 'Object'].toSorted());
      expect(after.alias).toEqual(before.alias);
    });
  });
}

const isOurs = (rule: string): boolean => rule.includes(LOADER);

/** The config without its functions: those are looked at by what they do. */
function dataOf(config: NextConfig | undefined): NextConfig {
  return JSON.parse(JSON.stringify(config, (_, value) => (value instanceof RegExp ? String(value) : value)));
}

/** What a config's webpack function makes of a bare server config, in texts that can be compared. */
function compiledBy(config: NextConfig | undefined): { rules: string[]; plugins: string[]; alias: unknown } {
  const context = {
    dir: project,
    dev: false,
    isServer: true,
    nextRuntime: 'nodejs',
    buildId: 'build',
    totalPages: 1,
    config: { ...config, distDir: '.next' },
    defaultLoaders: { babel: { loader: 'next-babel-loader' } },
    webpack: { DefinePlugin: class DefinePlugin {}, ProvidePlugin: class ProvidePlugin {} },
  };
  const bare = {
    context: project,
    entry: async () => ({}),
    module: { rules: [] },
    plugins: [],
    resolve: { alias: {} },
  };
  const result = config?.webpack?.(bare, context as never);
  const text = (rule: unknown): string =>
    JSON.stringify(rule, (_, value) =>
      value instanceof RegExp || typeof value === 'function' ? String(value) : value,
    );
  return {
    rules: result.module.rules.map(text),
    plugins: result.plugins.map((plugin: object) => plugin.constructor.name),
    alias: result.resolve.alias,
  };
}
