import { relative, sep } from 'node:path';
import remapping, { type SourceMapInput } from '@jridgewell/remapping';
import { wrapSource } from './wrap/wrap-source.ts';

/** What both bundlers give a loader, as far as we use it. */
interface LoaderContext {
  /** The project's folder. */
  readonly rootContext: string;
  readonly resourcePath: string;
  readonly resourceQuery?: string;
  getOptions(): { pageExtensions?: readonly string[] };
  callback(error: null, code: string, map?: unknown): void;
}

const PAGE_EXTENSIONS = ['tsx', 'ts', 'jsx', 'js'];

/** The loader that webpack and Turbopack run on the user's files. Whatever goes wrong, the file stays as it is. */
export default function wrapLoader(this: LoaderContext, source: string, inputMap?: unknown): void {
  let wrapped: ReturnType<typeof wrapSource> = null;
  let map = inputMap;
  try {
    const path = relative(this.rootContext, this.resourcePath).split(sep).join('/');
    wrapped = wrapSource(source, path, this.getOptions().pageExtensions ?? PAGE_EXTENSIONS);
    if (wrapped) {
      const own = { ...wrapped.map, sources: [this.resourcePath] };
      map = inputMap ? remapping([own, inputMap] as SourceMapInput[], () => null) : own;
    }
  } catch {
    wrapped = null;
    map = inputMap;
  }
  this.callback(null, wrapped?.code ?? source, map);
}
