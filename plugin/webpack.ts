import { join } from 'node:path';
import type { NextConfig } from 'next';
import type { CompiledBuild } from './deliver.ts';

/**
 * For Next before 15.4.1, which has no hook after compilation: a webpack plugin that runs once the server's files,
 * its traces among them, are written.
 */
export function afterEmit(
  config: NextConfig,
  run: (build: CompiledBuild) => Promise<void>,
): NonNullable<NextConfig['webpack']> {
  return (webpackConfig, context) => {
    const result = config.webpack ? config.webpack(webpackConfig, context) : webpackConfig;
    if (context.dev || context.nextRuntime !== 'nodejs') return result;
    result.plugins ??= [];
    result.plugins.push({
      // biome-ignore lint/suspicious/noExplicitAny: webpack's types are not ours to depend on.
      apply(compiler: any) {
        compiler.hooks.afterEmit.tapPromise('next-profiling', () =>
          run({ projectDir: context.dir, distDir: join(context.dir, context.config.distDir) }),
        );
      },
    });
    return result;
  };
}
