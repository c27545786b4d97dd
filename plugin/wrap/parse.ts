import { type ParserPlugin, parse } from '@babel/parser';
import type { Program } from '@babel/types';

/** Parses a file as its ending says. `null` if that cannot be done: Next will say so, in better words. */
export function parseModule(source: string, path: string): Program | null {
  const typescript = /\.[cm]?tsx?$/.test(path);
  const plugins: ParserPlugin[] = ['decorators', 'explicitResourceManagement'];
  if (typescript) plugins.push('typescript');
  if (!/\.[cm]?ts$/.test(path)) plugins.push('jsx');
  try {
    return parse(source, { sourceType: 'module', plugins, attachComment: false }).program;
  } catch {
    return null;
  }
}
