import { FunctionTable, type ProfiledFunction } from '../profile/function-table.ts';

/**
 * Functions of two builds. A change above a function moves it to another line, so here the name and the file make a function;
 * those of one name in one file are one.
 */
export class ComparedFunctions {
  readonly #table = new FunctionTable();
  /** As they were met first. */
  readonly functions: ProfiledFunction[] = [];

  numberOf(of: ProfiledFunction): number {
    const number = this.#table.numberOf({ ...of, line: 0, column: 0 });
    this.functions[number] ??= of;
    return number;
  }

  /** Translates the numbers of a table's functions. */
  translate({ functions }: FunctionTable): (frame: number) => number {
    const numbers = functions.map((of) => this.numberOf(of));
    return (frame) => numbers[frame] ?? 0;
  }
}
