/** A column and a direction as they stand in an address: `cpu` from the highest, `cpu.asc` from the lowest. */
export interface SortOrder {
  column: string;
  ascending: boolean;
}

export function parseSort(text: string | null, byDefault: string): SortOrder {
  const [column = '', direction] = (text ?? byDefault).split('.');
  return { column, ascending: direction === 'asc' };
}

/** What a click on a column's head makes of an order: that column, or the other way round. */
export function nextSort(order: SortOrder, column: string): string {
  return order.column === column && !order.ascending ? `${column}.asc` : column;
}

export type SortValue = number | string | null;

/** A sorted copy; rows without a value come last either way. */
export function sortRows<T>(rows: readonly T[], value: (row: T) => SortValue, ascending: boolean): T[] {
  const sign = ascending ? 1 : -1;
  return rows
    .map((row) => [value(row), row] as const)
    .sort(([a], [b]) => {
      if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
      if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
      // Names read from A to Z first.
      return -sign * String(a).localeCompare(String(b));
    })
    .map(([, row]) => row);
}
