import type { FunctionDifference } from '../../collector/api-trace-types.ts';
import { formatMs, formatPosition } from '../model/format.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { FunctionName } from '../parts/function-name.tsx';
import { useQueryState } from '../state/query-state.ts';
import { Change } from './compared-summary.tsx';

const difference = ({ selfMs }: FunctionDifference): number => selfMs.new - selfMs.base;

const COLUMNS: Column<FunctionDifference>[] = [
  {
    id: 'name',
    title: 'Function',
    className: 'fill',
    cell: (row) => <FunctionName {...row} />,
    sortBy: ({ name }) => name,
  },
  {
    id: 'base',
    title: 'Base self, ms',
    isNumber: true,
    wideOnly: true,
    cell: ({ selfMs }) => formatMs(selfMs.base),
    sortBy: ({ selfMs }) => selfMs.base,
  },
  {
    id: 'new',
    title: 'New self, ms',
    isNumber: true,
    wideOnly: true,
    cell: ({ selfMs }) => formatMs(selfMs.new),
    sortBy: ({ selfMs }) => selfMs.new,
  },
  {
    id: 'self',
    title: 'Self, difference per request, ms',
    isNumber: true,
    cell: ({ selfMs }) => <Change of={selfMs} />,
    sortBy: difference,
  },
  {
    id: 'total',
    title: 'Total, difference per request, ms',
    isNumber: true,
    wideOnly: true,
    cell: ({ totalMs }) => <Change of={totalMs} />,
    sortBy: ({ totalMs }) => totalMs.new - totalMs.base,
  },
];

export function ComparedFunctions({ functions }: { functions: readonly FunctionDifference[] }) {
  const [query, change] = useQueryState();
  return (
    <section className="panel" aria-label="Functions">
      <DataTable
        label="Functions compared"
        columns={COLUMNS}
        rows={functions}
        keyOf={({ name, file, line, column }) => `${name} ${formatPosition(file, line, column)}`}
        sort={query.get('sort')}
        defaultSort="self"
        onSort={(sort) => change({ sort }, 'replace')}
      />
    </section>
  );
}
