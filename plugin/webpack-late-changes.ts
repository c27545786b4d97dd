import { MAP_ENDS, OUR_OFFSET } from './server-scripts.ts';
import { offsetAfter } from './text-offset.ts';

const NAME = 'next-profiling';

interface Source {
  source(): string | Buffer;
}

/** What we use of a webpack compilation. */
interface Compilation {
  getAssets(): { name: string; source: Source }[];
  getAsset(name: string): { source: Source } | undefined;
  emitAsset(name: string, source: Source): void;
  hooks: { processAssets: { tap(options: { name: string; stage: number }, run: () => void): void } };
}

/**
 * Writes down how far a script has moved since its source map was made, whoever made that: Sentry's plugin for one puts
 * a line of its own before finished scripts, and leaves the map as it was.
 */
// biome-ignore lint/suspicious/noExplicitAny: webpack's types are not ours to depend on.
export function noteLateChanges(compiler: any): void {
  const { Compilation, sources } = compiler.webpack;
  compiler.hooks.compilation.tap(NAME, (compilation: Compilation) => {
    const mapped = new Map<string, Source>();
    const tap = (stage: number, run: () => void): void =>
      compilation.hooks.processAssets.tap({ name: NAME, stage }, run);
    tap(Compilation.PROCESS_ASSETS_STAGE_DEV_TOOLING + 1, () => {
      for (const { name, source } of compilation.getAssets()) if (name.endsWith('.js')) mapped.set(name, source);
    });
    tap(Compilation.PROCESS_ASSETS_STAGE_REPORT, () => {
      for (const [name, before] of mapped) {
        const after = compilation.getAsset(name)?.source;
        const hasMap = MAP_ENDS.some((end) => compilation.getAsset(name + end) !== undefined);
        if (after === undefined || after === before || !hasMap) continue;
        const offset = offsetAfter(before.source().toString(), after.source().toString());
        compilation.emitAsset(`${name}${OUR_OFFSET}`, new sources.RawSource(JSON.stringify(offset)));
      }
    });
  });
}
