import MagicString, { type SourceMap } from 'magic-string';
import { ADDED_CODE, ADDED_RUN, PREFIX } from './added-code.ts';
import { parseModule } from './parse.ts';
import { isSkipped } from './skipped.ts';
import { exportSpans } from './span-names.ts';
import { directivesOf } from './syntax.ts';
import { wrapActions } from './wrap-actions.ts';
import { ExportWrapper } from './wrap-exports.ts';

export interface WrappedSource {
  readonly code: string;
  readonly map: SourceMap;
}

const NEVER = /(^|\/)(node_modules|__tests__)\/|\.(test|spec|stories)\.[^/]*$/;

/**
 * Rewrites a file so that what Next calls in it runs in a span. `null` where there is nothing to do, above all where
 * the file cannot be parsed. `path` is relative to the project, with forward slashes.
 */
export function wrapSource(source: string, path: string, pageExtensions: readonly string[]): WrappedSource | null {
  // What was rewritten already has our names in it.
  if (NEVER.test(path) || source.includes(PREFIX)) return null;
  const spans = exportSpans(path, pageExtensions);
  if (spans === null && !source.includes('use server')) return null;
  const program = parseModule(source, path);
  if (program === null || isSkipped(program)) return null;

  const code = new MagicString(source);
  if (directivesOf(program).includes('use server')) {
    const { wraps, runs } = wrapActions(source, program, code);
    if (!wraps && !runs) return null;
    code.append(wraps ? ADDED_CODE + ADDED_RUN : ADDED_RUN);
  } else {
    if (spans === null || !new ExportWrapper(source, program, code, spans).wrap()) return null;
    code.append(ADDED_CODE + ADDED_RUN);
  }
  return { code: code.toString(), map: code.generateMap({ source: path, includeContent: true, hires: 'boundary' }) };
}
