import { OUR_MAP } from './server-scripts.ts';
import type { WebpackExtension } from './webpack.ts';

/**
 * Has webpack write source maps of the server under a name of our own, and without a comment that would lead anything to
 * them, unless somebody else wants maps already: `devtool` is final when plugins are applied. Turbopack always writes them.
 */
export const serverMaps: WebpackExtension = (webpackConfig, { dev, nextRuntime }) => {
  if (dev || nextRuntime !== 'nodejs') return;
  webpackConfig.plugins ??= [];
  webpackConfig.plugins.push({
    // biome-ignore lint/suspicious/noExplicitAny: webpack's types are not ours to depend on.
    apply(compiler: any) {
      if (compiler.options.devtool) return;
      new compiler.webpack.SourceMapDevToolPlugin({ filename: `[file]${OUR_MAP}`, append: false }).apply(compiler);
    },
  });
};
