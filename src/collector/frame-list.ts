import type { ProfiledFunction } from '../profile/function-table.ts';
import type { FrameColumns } from './api-profile-types.ts';

/** The functions that an answer names, in columns. */
export class FrameList {
  readonly columns: FrameColumns = { name: [], kind: [], file: [], line: [], column: [] };
  readonly #functions: readonly ProfiledFunction[];
  readonly #rows: (number | undefined)[] = [];

  constructor(functions: readonly ProfiledFunction[]) {
    this.#functions = functions;
  }

  /** The row of a function, made if it is missing. */
  rowOf(number: number): number {
    const known = this.#rows[number];
    if (known !== undefined) return known;
    const { name = '', kind = 'program', file = '', line = 0, column = 0 } = this.#functions[number] ?? {};
    const row = this.columns.name.push(name) - 1;
    this.columns.kind.push(kind);
    this.columns.file.push(file);
    this.columns.line.push(line);
    this.columns.column.push(column);
    this.#rows[number] = row;
    return row;
  }
}
