import { join } from 'node:path';
import type { NextConfig } from 'next';
import type { CompiledBuild } from './compiled-build.ts';
import { wrapLoader } from './wrap-loader-use.ts';

type Webpack = NonNullable<NextConfig['webpack']>;

/** Changes a webpack config in place, as Next hands it out to be changed. */
export type WebpackExtension = (webpackConfig: ReturnType<Webpack>, context: Parameters<Webpack>[1]) => void;

/** The user's webpack function first, then these. */
export function extendWebpack(
  config: NextConfig,
  extensions: readonly WebpackExtension[],
): Pick<NextConfig, 'webpack'> {
  if (extensions.length === 0) return {};
  return {
    webpack: (webpackConfig, context) => {
      const result = config.webpack ? config.webpack(webpackConfig, context) : webpackConfig;
      for (const extend of extensions) extend(result, context);
      return result;
    },
  };
}

/**
 * Wraps the user's files for the server. `pre`, because the loader has to see them as they were written: compiled,
 * a server action is no longer to be told from other functions.
 */
export function wrapRule(config: NextConfig): WebpackExtension {
  return (webpackConfig, { nextRuntime }) => {
    if (nextRuntime !== 'nodejs') return;
    webpackConfig.module ??= {};
    webpackConfig.module.rules ??= [];
    webpackConfig.module.rules.push({
      enforce: 'pre',
      test: /\.[cm]?[jt]sx?$/,
      exclude: /node_modules/,
      use: [wrapLoader(config)],
    });
  };
}

/**
 * For Next before 15.4.1, which has no hook after compilation: a webpack plugin that runs once the server's files,
 * its traces among them, are written.
 */
export function afterEmit(run: (build: CompiledBuild) => Promise<void>): WebpackExtension {
  return (webpackConfig, context) => {
    if (context.dev || context.nextRuntime !== 'nodejs') return;
    webpackConfig.plugins ??= [];
    webpackConfig.plugins.push({
      // biome-ignore lint/suspicious/noExplicitAny: webpack's types are not ours to depend on.
      apply(compiler: any) {
        compiler.hooks.afterEmit.tapPromise('next-profiling', () =>
          run({ projectDir: context.dir, distDir: join(context.dir, context.config.distDir) }),
        );
      },
    });
  };
}
