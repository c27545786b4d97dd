import { type ParseResult, type ParserPlugin, parse } from '@babel/parser';
import type { Node, Program } from '@babel/types';
import { functionName } from './function-name.ts';
import { definitionOffset, hasConstructor, isClass, isFunction } from './function-nodes.ts';

/** A function in its source, with the name and position that V8 would give it there. Both are 1-based. */
export interface DefinedFunction {
  /** `''` if it has none. */
  name: string;
  line: number;
  column: number;
}

/** The functions of one source. */
export interface FunctionsOfSource {
  /** The function whose head is at this position: from where it, or what names it, begins to where its body does. */
  at(line: number, column: number): DefinedFunction | null;
  /** The functions that begin in a line, in their order. */
  inLine(line: number): DefinedFunction[];
}

/** A function's head: offsets, the body's first character included. */
interface Head {
  start: number;
  end: number;
  /** Where V8 says that the function is. */
  position: number;
  name: string;
}

/** Parsing takes about twenty times the text's size. */
const LONGEST_SOURCE = 4_000_000;

/** Reads the functions of a source as its file's ending says; `null` if it cannot be parsed. */
export function definedFunctions(source: string, path: string): FunctionsOfSource | null {
  if (source.length > LONGEST_SOURCE) return null;
  try {
    const { program, errors } = parseSource(source, path);
    const heads = headsIn(program, source);
    // The parser goes on after errors, and finds something in any text.
    return heads.length === 0 && errors?.length ? null : new Functions(heads, source);
  } catch {
    // Another language, or nested too deeply to walk.
    return null;
  }
}

function parseSource(source: string, path: string): ParseResult {
  const plugins: ParserPlugin[] = ['decorators', 'decoratorAutoAccessors', 'explicitResourceManagement'];
  if (/\.[cm]?tsx?$/.test(path)) plugins.push('typescript');
  if (!/\.[cm]?ts$/.test(path)) plugins.push('jsx');
  return parse(source, {
    sourceType: 'unambiguous',
    plugins,
    attachComment: false,
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    allowNewTargetOutsideFunction: true,
    allowSuperOutsideMethod: true,
    allowUndeclaredExports: true,
  });
}

class Functions implements FunctionsOfSource {
  readonly #heads: readonly Head[];
  readonly #lineStarts: number[] = [0];

  constructor(heads: Head[], source: string) {
    // Of those at one position the innermost first: it begins last.
    this.#heads = heads.sort((a, b) => b.start - a.start);
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) this.#lineStarts.push(at + 1);
  }

  at(line: number, column: number): DefinedFunction | null {
    const offset = (this.#lineStarts[line - 1] ?? Number.POSITIVE_INFINITY) + column - 1;
    const head = this.#heads.find(({ start, end }) => start <= offset && offset <= end);
    return head ? this.#functionOf(head) : null;
  }

  inLine(line: number): DefinedFunction[] {
    return this.#heads
      .map((head) => this.#functionOf(head))
      .filter((each) => each.line === line)
      .sort((a, b) => a.column - b.column);
  }

  #functionOf({ name, position }: Head): DefinedFunction {
    return { name, ...this.#positionOf(position) };
  }

  #positionOf(offset: number): { line: number; column: number } {
    const line = this.#lineStarts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - (this.#lineStarts[line] ?? 0) + 1 };
  }
}

function headsIn(program: Program, source: string): Head[] {
  const heads: Head[] = [];
  const visit = (node: Node, parents: readonly Node[]): void => {
    if (isFunction(node) || (isClass(node) && !hasConstructor(node))) {
      const { start, name } = functionName(node, parents);
      heads.push({ start, end: node.body.start ?? 0, position: definitionOffset(node, source), name });
    }
    // A name passes through `as T` and its like: without its types the code has none of them.
    const inner = /^TS.*(Expression|Assertion)$/.test(node.type) ? parents : [node, ...parents.slice(0, 3)];
    for (const [key, value] of Object.entries(node)) {
      if (key === 'loc' || key === 'extra' || key === 'errors') continue;
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child?.type === 'string') visit(child, inner);
      }
    }
  };
  visit(program, []);
  return heads;
}
