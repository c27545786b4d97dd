import type { DefinedFunction, FunctionsOfSource } from './defined-functions.ts';

/**
 * A source as our loader has rewritten it, beside what the user wrote: Turbopack maps to the first, people read the second.
 * The loader keeps lines, and the names and order of functions in a line; what it adds has line 0 and column 0 here.
 */
export class WrappedSource implements FunctionsOfSource {
  readonly #built: FunctionsOfSource;
  readonly #written: FunctionsOfSource;

  constructor(built: FunctionsOfSource, written: FunctionsOfSource) {
    this.#built = built;
    this.#written = written;
  }

  at(line: number, column: number): DefinedFunction | null {
    const found = this.#built.at(line, column);
    if (found === null) return null;
    const same = ({ name }: DefinedFunction) => name === found.name;
    const place = this.#built
      .inLine(found.line)
      .filter(same)
      .findIndex((each) => each.column === found.column);
    const written = this.#written.inLine(found.line).filter(same);
    // An action's body becomes a function of its own in the same line; it is still the action.
    return written[place] ?? written.at(-1) ?? { name: found.name, line: 0, column: 0 };
  }

  inLine(line: number): DefinedFunction[] {
    return this.#written.inLine(line);
  }
}
