import { formatMs } from '../model/format.ts';
import type { Column } from '../parts/data-table.tsx';

/** Own time, of a row that has it in microseconds. `what` is measured: CPU or wall time. */
export const selfColumn = <Row extends { self: number }>(what: string): Column<Row> => ({
  id: 'self',
  title: `Self ${what}, ms`,
  isNumber: true,
  cell: ({ self }) => formatMs(self / 1000),
  sortBy: ({ self }) => self,
});

/** Time with everything below, of a row that has it in microseconds. */
export const totalColumn = <Row extends { total: number }>(title: string): Column<Row> => ({
  id: 'total',
  title: `${title}, ms`,
  isNumber: true,
  cell: ({ total }) => formatMs(total / 1000),
  sortBy: ({ total }) => total,
});
