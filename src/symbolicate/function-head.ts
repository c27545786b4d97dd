/** A function's head in a line of built code: from its name or keyword to where its body begins, both included. */
export interface FunctionHead {
  start: number;
  end: number;
  /** Whether it is what both bundlers make of a source: `123,(e,t)=>{` or `123:(e,t)=>{`. */
  isModule: boolean;
}

const MODULE = /(?:^|[[,{(\s])(?:\d+|"[^"\n]*"|'[^'\n]*')\s*[,:]\s*(?:async\s+)?(?:function\s*)?$/;

/** Longer than any head that a bundler writes on one line. */
const LONGEST = 2_000;

/**
 * The head of the function that V8 says is at `column`, 0-based. Without the code it is what can be certain: the place
 * itself. `null` if no function can be there: then the map is of another file.
 */
export function functionHead(code: string | undefined, column: number): FunctionHead | null {
  if (code === undefined) return { start: column - LONGEST, end: column, isModule: false };
  const after = code.slice(column, column + LONGEST);
  if (!/^(\(|class\b|async\b|[\p{ID_Start}$_][\p{ID_Continue}$]*\s*=>)/u.test(after)) return null;
  const before = code.slice(Math.max(0, column - LONGEST), column);
  // A name, `function`, `*`, `async`, `get`, `static`, `#` and blanks; or a key in quotes or brackets.
  const name = /(?:(?:\["?|["'])[^"'[\](){}]*["'\]]+|[\p{ID_Continue}$#*\s]*)$/u.exec(before)?.[0].length ?? 0;
  const body = /\{|=>\s*./.exec(after);
  const end = body === null ? 0 : body.index + body[0].length - 1;
  return { start: column - name, end: column + end, isModule: MODULE.test(before) };
}
