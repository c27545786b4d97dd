import { useEffect, useMemo, useState } from 'react';
import { formatShare } from '../model/format.ts';
import { frameRow } from '../model/frame-table.ts';
import { parseSort } from '../model/sort-rows.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { FunctionName } from '../parts/function-name.tsx';
import { Indented } from '../parts/indented.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { Share } from '../parts/share.tsx';
import { useQueryState } from '../state/query-state.ts';
import type { Weight } from './profile.ts';
import type { TabProps } from './tab-props.ts';
import { selfColumn, totalColumn } from './time-columns.tsx';
import { bottomUpRows, heaviestWay, type TreeRow, topDownRows } from './tree-rows.ts';

const DIRECTIONS = [
  ['down', 'Top-down'],
  ['up', 'Bottom-up'],
] as const;

/** The call tree as a table that opens, from the roots or from the leaves. */
export function TreeTab({ profile, matches, frame, onFrame, weight }: TabProps & { weight: Weight }) {
  const [query, change] = useQueryState();
  const { tree, frames } = profile;
  const isUp = query.get('direction') === 'up';
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setOpen(new Set(isUp ? [] : heaviestWay(tree))), [tree, isUp]);
  const sort = query.get('sort');
  const rows = useMemo(
    () => (isUp ? bottomUpRows(tree, open) : topDownRows(tree, open, parseSort(sort, 'total'))),
    [tree, open, isUp, sort],
  );
  const toggle = ({ key }: TreeRow): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const what = weight === 'cpu' ? 'CPU' : 'wall';
  const columns: Column<TreeRow>[] = [
    {
      id: 'name',
      title: isUp ? 'Function, and who called it' : 'Function, and what it called',
      className: 'fill',
      cell: (row) => (
        <Indented depth={row.depth}>
          <Twisty row={row} name={frames.name[row.frame] ?? ''} onToggle={() => toggle(row)} />
          {matches?.[row.frame] === 1 ? (
            <mark>
              <FunctionName {...frameRow(frames, row.frame)} />
            </mark>
          ) : (
            <FunctionName {...frameRow(frames, row.frame)} />
          )}
        </Indented>
      ),
    },
    totalColumn(`${isUp ? 'Self' : 'Total'} ${what}`),
    { id: 'share', title: 'Share', isNumber: true, cell: ({ total }) => <Share value={total / tree.weight} /> },
  ];
  if (!isUp) {
    columns.push(selfColumn(what), {
      id: 'selfShare',
      title: 'Self',
      isNumber: true,
      wideOnly: true,
      cell: ({ self }) => formatShare(self / tree.weight),
    });
  }
  return (
    <>
      <div className="panel-head">
        <Segmented
          label="Direction"
          options={DIRECTIONS}
          value={isUp ? 'up' : 'down'}
          onChange={(direction) => change({ direction: direction === 'up' ? 'up' : null, sort: null })}
        />
      </div>
      <DataTable
        label={isUp ? 'Call tree, bottom-up' : 'Call tree, top-down'}
        columns={columns}
        rows={rows}
        keyOf={({ key }) => key}
        isSorted
        sort={sort}
        defaultSort="total"
        {...(!isUp && { onSort: (next: string) => change({ sort: next }, 'replace') })}
        onChoose={(row) => onFrame(row.frame)}
        isChosen={(row) => row.frame === frame}
      />
    </>
  );
}

function Twisty({ row, name, onToggle }: { row: TreeRow; name: string; onToggle(): void }) {
  if (!row.canOpen) return <span className="twisty" />;
  return (
    <button
      type="button"
      className="twisty"
      aria-expanded={row.isOpen}
      aria-label={`${row.isOpen ? 'Close' : 'Open'} ${name}`}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      {row.isOpen ? '▾' : '▸'}
    </button>
  );
}
