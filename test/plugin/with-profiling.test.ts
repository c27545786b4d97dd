import { withSentryConfig } from '@sentry/nextjs/config';
import type { NextConfig } from 'next';
import { withSentryConfig as withSentryConfig10 } from 'sentry-nextjs-10';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withProfiling } from '../../plugin/index.ts';
import { deepFreeze, resolved } from './config-wrappers.ts';

const BUILD = 'phase-production-build';
const DEV = 'phase-development-server';
const SERVE = 'phase-production-server';
const ADDON = 'next-profiling/prebuilds';
const context = { defaultConfig: {} };

const SENTRY = { silent: true, telemetry: false, sourcemaps: { disable: true } } as const;

beforeEach(() => {
  vi.stubEnv('TURBOPACK', 'auto');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('forms of a config', () => {
  test('an object gives an object, so that wrappers which spread it still work', () => {
    expect(withProfiling({ poweredByHeader: false })).toMatchObject({ poweredByHeader: false });
  });

  test('no config at all counts as an empty one', () => {
    expect(withProfiling().serverExternalPackages).toEqual([ADDON]);
  });

  test('a function is called with what Next gives it', async () => {
    const given = vi.fn(() => ({ poweredByHeader: false }));
    const config = await resolved(withProfiling(given));
    expect(given).toHaveBeenCalledExactlyOnceWith(BUILD, context);
    expect(config).toMatchObject({ poweredByHeader: false, serverExternalPackages: [ADDON] });
  });

  test('a function that returns at once is not made to return a promise', () => {
    expect(withProfiling(() => ({}))(BUILD, context)).not.toBeInstanceOf(Promise);
  });

  test('an async function and a promise are awaited', async () => {
    for (const form of [async () => ({ poweredByHeader: false }), Promise.resolve({ poweredByHeader: false })]) {
      const config = await resolved(withProfiling(form));
      expect(config).toMatchObject({ poweredByHeader: false, serverExternalPackages: [ADDON] });
    }
  });

  test('a config function that returns no config is left to Next to complain about', async () => {
    expect(await resolved(withProfiling((() => undefined) as never))).toBeUndefined();
  });
});

describe('what is the user’s stays the user’s', () => {
  test('nothing that was passed in is changed, not even frozen through and through', async () => {
    const given = deepFreeze({
      experimental: { serverActions: { bodySizeLimit: '2mb' } },
      compiler: { runAfterProductionCompile: async () => {} },
      serverExternalPackages: ['pg'],
      outputFileTracingIncludes: { '/': ['./data/**'] },
      turbopack: { rules: { '*.svg': ['svg-loader'] } },
    } satisfies NextConfig);
    const config = withProfiling(given as NextConfig);
    expect(config.experimental).toMatchObject(given.experimental);
    expect(config.turbopack?.rules).toMatchObject(given.turbopack.rules);
    expect(config.outputFileTracingIncludes).toBe(given.outputFileTracingIncludes);
    expect(config.serverExternalPackages).toEqual(['pg', ADDON]);
  });

  test('an outer wrapper that writes into what it gets does not reach the user’s object', async () => {
    const given = { experimental: {}, compiler: {} };
    withSentryConfig(withProfiling(given), SENTRY);
    expect(given).toEqual({ experimental: {}, compiler: {} });
  });

  test('serverExternalPackages never names the package itself, whose door must be bundled', () => {
    expect(withProfiling({}).serverExternalPackages).not.toContain('next-profiling');
  });

  test('wrapping twice is wrapping once', async () => {
    const once = withProfiling({ serverExternalPackages: ['pg'] });
    expect(withProfiling(once)).toBe(once);
    const spread = withProfiling({ ...once, poweredByHeader: false });
    expect(spread.compiler).toBe(once.compiler);
    const nested = await resolved(withProfiling(withProfiling(async () => ({}))));
    expect(nested.serverExternalPackages).toEqual([ADDON]);
  });

  test('a production server gets the config of a function or promise untouched', async () => {
    const given = Object.freeze({ poweredByHeader: false });
    expect(
      await resolved(
        withProfiling(() => given),
        SERVE,
      ),
    ).toBe(given);
    expect(await resolved(withProfiling(Promise.resolve(given)), SERVE)).toBe(given);
  });
});

describe('readable frames', () => {
  test('leave minification and source maps to the user and Next', () => {
    expect(withProfiling({})).not.toHaveProperty('experimental');
    expect(withProfiling({})).not.toHaveProperty('productionBrowserSourceMaps');
    for (const experimental of [{ serverMinification: false }, { turbopackSourceMaps: false }]) {
      expect(withProfiling({ experimental }).experimental).toEqual(experimental);
    }
  });
});

type SentryWrapper = (config: unknown) => unknown;
const SDKS: Record<string, SentryWrapper> = {
  'Sentry 11': (config) => withSentryConfig(config as NextConfig, SENTRY),
  'Sentry 10': (config) => withSentryConfig10(config as NextConfig, { silent: true, telemetry: false }),
};
const ORDERS: Record<string, (config: NextConfig, withSentry: SentryWrapper) => unknown> = {
  outside: (config, withSentry) => withSentry(withProfiling(config)),
  inside: (config, withSentry) => withProfiling(withSentry(config) as NextConfig),
  'outside a promise': (config, withSentry) => withSentry(withProfiling(Promise.resolve(config))),
  'inside a function': (config, withSentry) => withProfiling(async () => withSentry(config) as NextConfig),
  'between two of ours': (config, withSentry) => withProfiling(withSentry(withProfiling(config)) as NextConfig),
};

describe.for(Object.keys(SDKS))('together with the real withSentryConfig of %s', (sdk) => {
  const withSentry = SDKS[sdk] as SentryWrapper;
  for (const [order, compose] of Object.entries(ORDERS)) {
    for (const bundler of ['Turbopack', 'webpack']) {
      test(`${order}, ${bundler}: both find what they need`, async () => {
        vi.stubEnv('TURBOPACK', bundler === 'Turbopack' ? 'auto' : undefined);
        const users: NextConfig = {
          serverExternalPackages: ['pg'],
          turbopack: { rules: { '*.svg': ['svg-loader'] } },
          experimental: { serverActions: { bodySizeLimit: '2mb' } },
        };
        const config = await resolved(compose(users, withSentry));
        expect(config.serverExternalPackages).toContain('pg');
        expect(config.serverExternalPackages?.filter((name) => name === ADDON)).toHaveLength(1);
        expect(config.experimental).toMatchObject({
          serverActions: { bodySizeLimit: '2mb' },
          clientTraceMetadata: ['baggage', 'sentry-trace'],
        });
        expect(config.turbopack?.rules).toMatchObject({ '*.svg': ['svg-loader'] });
        expect(typeof config.compiler?.runAfterProductionCompile).toBe('function');
        if (bundler === 'webpack') expect(typeof config.webpack).toBe('function');
        else expect(Object.keys(config.turbopack?.rules ?? {}).join()).toContain('instrumentation');
      });
    }
  }
});

describe('wrong options', () => {
  const wrong: [what: string, options: unknown, message: RegExp][] = [
    [
      'an unknown option',
      { targets: 'linux-x64-glibc' },
      /unknown option 'targets'; known options: target, instrument, readableFrames/,
    ],
    [
      'an unknown target',
      { target: 'freebsd-x64' },
      /unknown target 'freebsd-x64'; known targets: linux-x64-glibc, .*win32-x64/,
    ],
    ['one unknown target among known ones', { target: ['darwin-arm64', 'linux-x64'] }, /unknown target 'linux-x64'/],
    ['a target that is no text', { target: 7 }, /unknown target 7/],
    ['an empty list of targets', { target: [] }, /'target' is an array; allowed: at least one of linux-x64-glibc/],
    ['a text for a boolean', { instrument: 'yes' }, /'instrument' is 'yes'; allowed: true, false/],
    ['null for a boolean', { readableFrames: null }, /'readableFrames' is null; allowed: true, false/],
    ['options that are no object', 'linux-x64-glibc', /'options' is 'linux-x64-glibc'; allowed: an object/],
    ['null for options', null, /'options' is null; allowed: an object/],
  ];
  const given = Object.freeze({ poweredByHeader: false });

  for (const [what, options, message] of wrong) {
    test(`${what}: fails build and dev, never a server in production`, async () => {
      for (const form of [given, () => given, async () => given, Promise.resolve(given)]) {
        const config = withProfiling(form as NextConfig, options as never);
        for (const phase of [BUILD, DEV]) await expect(resolved(config, phase)).rejects.toThrow(message);
        expect(await resolved(config, SERVE)).toBe(given);
      }
    });
  }

  test('a config that is none: fails the build in words', async () => {
    for (const none of ['config', 7, null, []]) {
      await expect(resolved(withProfiling(none as never))).rejects.toThrow(
        /'nextConfig' is .*; allowed: an object, a function or a promise/,
      );
    }
  });

  test('the error survives a withSentryConfig outside', async () => {
    const config = withSentryConfig(withProfiling({}, { target: 'plan9' as never }), SENTRY);
    await expect(resolved(config)).rejects.toThrow(/unknown target 'plan9'/);
  });
});
