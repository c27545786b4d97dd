import { join } from 'node:path';
import { build, type Rollup } from 'vite';
import type { SourceMap } from './mutate-map.ts';

/** One of our own files as a bundler minifies it, with its map as the plugin would keep it. */
export async function builtCode(): Promise<{ code: string; map: SourceMap }> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      sourcemap: true,
      minify: true,
      lib: {
        entry: join(import.meta.dirname, '../../src/formats/read-speedscope.ts'),
        formats: ['es'],
        fileName: 'built',
      },
    },
  });
  const [{ output }] = built as [Rollup.RolldownOutput];
  const { code, map } = output[0];
  const { version, sources, sourcesContent, names, mappings } = map as unknown as SourceMap;
  return {
    code,
    map: { version, sources, sourcesContent, names, mappings, x_next_profiling_code: code } as SourceMap,
  };
}
