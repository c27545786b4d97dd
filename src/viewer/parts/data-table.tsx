import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useMemo, useRef } from 'react';
import { nextSort, parseSort, type SortValue, sortRows } from '../model/sort-rows.ts';

export interface Column<T> {
  id: string;
  title: string;
  cell(row: T): ReactNode;
  /** Not sortable without. */
  sortBy?(row: T): SortValue;
  isNumber?: boolean;
  /** Says more than the title can. */
  hint?: string;
  /** Left out on narrow screens. */
  wideOnly?: boolean;
  className?: string;
}

interface DataTableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf(row: T): string | number;
  /** As it stands in the address; `null`: the default. Without `onSort` the rows stay as they are. */
  sort?: string | null;
  defaultSort?: string;
  onSort?(sort: string): void;
  /** The rows come in that order already: those of a tree stay with their parents. */
  isSorted?: boolean;
  onChoose?(row: T): void;
  isChosen?(row: T): boolean;
  foot?: ReactNode;
}

const ROW_HEIGHT = 28;
/** Fewer rows are simply all there. */
const VIRTUAL_FROM = 200;

/** A table whose heads sort it, and which holds as many rows as are seen of it. */
export function DataTable<T>(props: DataTableProps<T>) {
  const {
    label,
    columns,
    rows,
    keyOf,
    sort = null,
    defaultSort = '',
    onSort,
    isSorted,
    onChoose,
    isChosen,
    foot,
  } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const order = parseSort(sort, defaultSort);
  const sorted = useMemo(() => {
    const by = columns.find(({ id }) => id === order.column)?.sortBy;
    return by === undefined || onSort === undefined || isSorted ? rows : sortRows(rows, by, order.ascending);
  }, [rows, columns, order.column, order.ascending, onSort, isSorted]);
  const isVirtual = sorted.length >= VIRTUAL_FROM;
  const virtualizer = useVirtualizer({
    count: isVirtual ? sorted.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 16,
  });
  const items = virtualizer.getVirtualItems();
  const from = isVirtual ? (items[0]?.index ?? 0) : 0;
  const to = isVirtual ? (items.at(-1)?.index ?? -1) + 1 : sorted.length;
  return (
    <div className="table-scroll tall" ref={scroller}>
      <table aria-label={label} aria-rowcount={sorted.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.id} column={column} order={order} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer rows={from} columns={columns.length} />
          {sorted.slice(from, to).map((row, index) => (
            <tr
              key={keyOf(row)}
              aria-rowindex={from + index + 2}
              aria-selected={isChosen?.(row)}
              className={onChoose === undefined ? undefined : 'can-choose'}
              tabIndex={onChoose && 0}
              onClick={onChoose && (() => onChoose(row))}
              onKeyDown={onChoose && ((event) => moveOrChoose(event, () => onChoose(row)))}
            >
              {columns.map((column) => (
                <td key={column.id} className={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          <Spacer rows={sorted.length - to} columns={columns.length} />
        </tbody>
        {foot !== undefined && <tfoot>{foot}</tfoot>}
      </table>
    </div>
  );
}

function moveOrChoose(event: KeyboardEvent<HTMLTableRowElement>, choose: () => void): void {
  const { key, target, currentTarget: row } = event;
  // Links and buttons within the row have keys of their own.
  if (target !== row) return;
  if (key === 'Enter' || key === ' ') choose();
  else if (key === 'ArrowDown') focusOn(row.nextElementSibling);
  else if (key === 'ArrowUp') focusOn(row.previousElementSibling);
  else return;
  event.preventDefault();
}

function focusOn(row: Element | null): void {
  if (row instanceof HTMLElement) row.focus();
}

function classOf<T>({ isNumber, wideOnly, className }: Column<T>): string {
  return [isNumber && 'number', wideOnly && 'wide-only', className].filter(Boolean).join(' ');
}

interface HeadProps<T> {
  column: Column<T>;
  order: { column: string; ascending: boolean };
  onSort: ((sort: string) => void) | undefined;
}

function Head<T>({ column, order, onSort }: HeadProps<T>) {
  const { id, title, hint, sortBy } = column;
  const className = classOf(column);
  if (sortBy === undefined || onSort === undefined) {
    return (
      <th scope="col" className={className} title={hint}>
        {title}
      </th>
    );
  }
  const direction = order.ascending ? 'ascending' : 'descending';
  return (
    <th scope="col" className={className} title={hint} aria-sort={order.column === id ? direction : 'none'}>
      <button type="button" onClick={() => onSort(nextSort(order, id))}>
        {title}
      </button>
    </th>
  );
}

function Spacer({ rows, columns }: { rows: number; columns: number }) {
  if (rows <= 0) return null;
  return (
    <tr className="spacer">
      <td colSpan={columns} style={{ height: rows * ROW_HEIGHT }} />
    </tr>
  );
}
