import type { NextConfig } from 'next';
import { PREFIX, unsupportedNext, wrongOption } from '../src/errors.ts';
import type { CompiledBuild } from './compiled-build.ts';
import { deliver } from './deliver.ts';
import { hasCompileHook, hasRuleConditions, runningNextVersion, usesTurbopack } from './next-version.ts';
import { type PluginOptions, type PluginSettings, parseOptions } from './options.ts';
import { withWrapRule } from './turbopack.ts';
import { afterEmit, extendWebpack, type WebpackExtension, wrapRule } from './webpack.ts';
import { serverMaps } from './webpack-maps.ts';

/** A config in the form of a function, as Next calls it. */
export type NextConfigFunction = (
  phase: string,
  context: { defaultConfig: NextConfig },
) => NextConfig | Promise<NextConfig>;

/** On a config that was wrapped already. A registered symbol: the ESM and the CommonJS build may both be loaded. */
const WRAPPED = Symbol.for('next-profiling.plugin');

/**
 * The folder of our `.node` files, as a package path, so that no bundler parses one. Only Turbopack takes such a path
 * for a file that is not JavaScript; under webpack the package's `exports`, which offer no way to a binary, must do.
 * Never the package itself: the door has to be bundled, see `src/engine-handle.ts`.
 */
const ADDON_PACKAGE = 'next-profiling/prebuilds';

const PRODUCTION_SERVER = 'phase-production-server';

/**
 * Adds what profiling needs to a Next config and changes nothing else. Takes all the forms that Next takes; an object
 * stays an object, since many other wrappers spread what they get. A promise becomes a function, which Sentry's
 * wrapper can await. Importing and wrapping have no effect of their own; the work is done once, after compilation.
 */
export function withProfiling(nextConfig?: NextConfig, options?: PluginOptions): NextConfig;
export function withProfiling(
  nextConfig: NextConfigFunction | Promise<NextConfig>,
  options?: PluginOptions,
): NextConfigFunction;
export function withProfiling(
  nextConfig: NextConfig | NextConfigFunction | Promise<NextConfig> = {},
  options?: PluginOptions,
): NextConfig | NextConfigFunction {
  let settings: PluginSettings;
  try {
    settings = parseOptions(options);
    if (typeof nextConfig !== 'function' && !isObject(nextConfig)) {
      throw wrongOption('nextConfig', nextConfig, 'an object, a function or a promise');
    }
  } catch (error) {
    return failUnlessServing(nextConfig, error);
  }
  if (typeof nextConfig === 'function') {
    return function (this: unknown, phase, ...rest) {
      const config = nextConfig.call(this, phase, ...rest);
      if (phase === PRODUCTION_SERVER) return config;
      return isPromise(config) ? config.then((result) => wrap(result, settings)) : wrap(config, settings);
    };
  }
  if (isPromise(nextConfig)) {
    return async (phase) => (phase === PRODUCTION_SERVER ? nextConfig : wrap(await nextConfig, settings));
  }
  return wrap(nextConfig, settings);
}

/** A server in production must start whatever its options say, and only Next knows whether this is one. */
function failUnlessServing(
  nextConfig: NextConfig | NextConfigFunction | Promise<NextConfig>,
  error: unknown,
): NextConfigFunction {
  return function (this: unknown, phase, ...rest) {
    if (phase !== PRODUCTION_SERVER) throw error;
    return typeof nextConfig === 'function' ? nextConfig.call(this, phase, ...rest) : nextConfig;
  };
}

function wrap(config: NextConfig, settings: PluginSettings): NextConfig {
  // What is no config is Next's to complain about.
  if (!isObject(config) || WRAPPED in config) return config;
  const result: NextConfig & { [WRAPPED]: true } = {
    ...config,
    [WRAPPED]: true,
    // A copy, since an outer wrapper may write into it.
    ...(config.experimental && { experimental: { ...config.experimental } }),
    serverExternalPackages: [...new Set([...(config.serverExternalPackages ?? []), ADDON_PACKAGE])],
  };
  const version = runningNextVersion();
  const run = afterCompile(config, settings);
  const extensions: WebpackExtension[] = [
    ...(settings.instrument ? [wrapRule(config)] : []),
    ...(settings.readableFrames ? [serverMaps] : []),
  ];
  if (hasCompileHook(version)) result.compiler = withHook(config, run);
  else if (!usesTurbopack()) extensions.push(afterEmit(run));
  else if (process.env.NODE_ENV !== 'development') {
    throw unsupportedNext(String(version), '15.4.1 or newer with Turbopack, or 15.0 or newer with webpack');
  }
  if (!usesTurbopack()) return { ...result, ...extendWebpack(config, extensions) };
  return { ...result, ...(settings.instrument && hasRuleConditions(version) ? withWrapRule(config) : {}) };
}

/** What is to be done once the server is compiled. */
function afterCompile(config: NextConfig, settings: PluginSettings) {
  return async (build: CompiledBuild): Promise<void> => {
    if (config.output === 'export') console.log(`${PREFIX} output is 'export': there is no server to profile`);
    else await deliver(build, settings);
  };
}

function withHook(
  config: NextConfig,
  run: (build: CompiledBuild) => Promise<void>,
): NonNullable<NextConfig['compiler']> {
  return {
    ...config.compiler,
    async runAfterProductionCompile(build) {
      await config.compiler?.runAfterProductionCompile?.(build);
      await run(build);
    },
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPromise<T>(value: T | PromiseLike<T>): value is Promise<T> {
  return isObject(value) && 'then' in value && typeof value.then === 'function';
}
