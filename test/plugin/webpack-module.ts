import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { webpack } from 'webpack';

const require = createRequire(import.meta.url);
export const LOADER = join(import.meta.dirname, '..', '..', 'dist', 'wrap-loader.cjs');

/** A compiled file: what it exports, and how it was compiled. */
export interface CompiledModule {
  // biome-ignore lint/suspicious/noExplicitAny: fixtures export whatever they are about.
  exports: Record<string, any>;
  code: string;
  map: { version: 3; sources: string[]; sourcesContent: string[]; names: string[]; mappings: string };
}

export interface CompileOptions {
  wrap?: boolean;
  pageExtensions?: string[];
  /** A loader that runs before ours, one of the files. */
  before?: string;
}

/** Compiles files with webpack alone, as Next would order the loaders, and loads the first one. */
export async function compileModule(
  files: Record<string, string>,
  { wrap = true, pageExtensions, before }: CompileOptions = {},
): Promise<CompiledModule> {
  const folder = mkdtempSync(join(tmpdir(), 'next-profiling-webpack-'));
  try {
    for (const [path, text] of Object.entries({ ...files, 'strip-types.cjs': STRIP_TYPES })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const [entry = ''] = Object.keys(files);
    const compiler = webpack({
      mode: 'none',
      target: 'node',
      context: folder,
      entry: join(folder, entry),
      devtool: 'source-map',
      output: { path: join(folder, 'out'), filename: 'bundle.cjs', library: { type: 'commonjs2' } },
      resolve: { extensions: ['.ts', '.js'] },
      module: {
        rules: [
          {
            enforce: 'pre',
            test: /\.[jt]s$/,
            use: [
              ...(wrap ? [{ loader: LOADER, options: { pageExtensions } }] : []),
              ...(before === undefined ? [] : [join(folder, before)]),
            ],
          },
          { test: /\.ts$/, use: [join(folder, 'strip-types.cjs')] },
        ],
      },
    });
    await new Promise<void>((resolve, reject) => {
      compiler?.run((error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString('errors-only')));
        else resolve();
      });
    });
    const bundle = join(folder, 'out', 'bundle.cjs');
    return {
      exports: require(bundle),
      code: readFileSync(bundle, 'utf8'),
      map: JSON.parse(readFileSync(`${bundle}.map`, 'utf8')),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Blanks types out, so that every position stays. */
const STRIP_TYPES = `
module.exports = function (source, map) {
  this.callback(null, require('node:module').stripTypeScriptTypes(source), map);
};
`;
