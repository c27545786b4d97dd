import { isAbsolute } from 'node:path';
import { OUR_MAP } from './server-scripts.ts';
import type { WebpackExtension } from './webpack.ts';
import { noteLateChanges } from './webpack-late-changes.ts';

const NAME = 'next-profiling';

/** What we use of a webpack compilation. */
interface Compilation {
  chunks: Iterable<{ auxiliaryFiles: Set<string> }>;
  hooks: { processAssets: { tap(options: { name: string; stage: number }, run: () => void): void } };
}

/** Paths that packages' own maps give are relative to them, which webpack's usual names lose. */
const sourceName = ({ absoluteResourcePath }: { absoluteResourcePath: string }): string =>
  isAbsolute(absoluteResourcePath) ? absoluteResourcePath : `webpack://${absoluteResourcePath}`;

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
      noteLateChanges(compiler);
      if (compiler.options.devtool) return;
      const { SourceMapDevToolPlugin, Compilation } = compiler.webpack;
      new SourceMapDevToolPlugin({
        filename: `[file]${OUR_MAP}`,
        append: false,
        moduleFilenameTemplate: sourceName,
        fallbackModuleFilenameTemplate: sourceName,
      }).apply(compiler);
      // Next ships what belongs to a chunk.
      const stage = Compilation.PROCESS_ASSETS_STAGE_DEV_TOOLING + 1;
      compiler.hooks.compilation.tap(NAME, (compilation: Compilation) =>
        compilation.hooks.processAssets.tap({ name: NAME, stage }, () => {
          for (const { auxiliaryFiles } of compilation.chunks) {
            for (const file of auxiliaryFiles) if (file.endsWith(OUR_MAP)) auxiliaryFiles.delete(file);
          }
        }),
      );
    },
  });
};
