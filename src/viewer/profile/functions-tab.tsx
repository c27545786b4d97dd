import { useMemo } from 'react';
import { formatInteger, formatShare } from '../model/format.ts';
import { type FrameRow, frameRow } from '../model/frame-table.ts';
import { KIND_NAMES } from '../model/shown-kind.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { FunctionName } from '../parts/function-name.tsx';
import { Share } from '../parts/share.tsx';
import { useQueryState } from '../state/query-state.ts';
import type { Profile, Weight } from './profile.ts';
import type { TabProps } from './tab-props.ts';
import { selfColumn, totalColumn } from './time-columns.tsx';

interface Row extends FrameRow {
  frame: number;
  self: number;
  total: number;
  runs: number;
}

/** Every function with its self and total time. */
export function FunctionsTab({ profile, matches, frame, onFrame, weight }: TabProps & { weight: Weight }) {
  const [query, change] = useQueryState();
  const rows = useMemo(() => rowsOf(profile, matches), [profile, matches]);
  const columns = useMemo(() => columnsOf(profile, weight), [profile, weight]);
  return (
    <DataTable
      label="Functions"
      columns={columns}
      rows={rows}
      keyOf={(row) => row.frame}
      sort={query.get('sort')}
      defaultSort="self"
      onSort={(sort) => change({ sort }, 'replace')}
      onChoose={(row) => onFrame(row.frame)}
      isChosen={(row) => row.frame === frame}
    />
  );
}

function rowsOf({ frames, functions }: Profile, matches: Uint8Array | null): Row[] {
  const rows: Row[] = [];
  for (let frame = 0; frame < frames.size; frame++) {
    const total = functions.total[frame] as number;
    if (total === 0 || (matches !== null && matches[frame] !== 1)) continue;
    const self = functions.self[frame] as number;
    rows.push({ ...frameRow(frames, frame), frame, self, total, runs: functions.runs[frame] as number });
  }
  return rows;
}

function columnsOf({ tree, knowsRuns }: Profile, weight: Weight): Column<Row>[] {
  const what = weight === 'cpu' ? 'CPU' : 'wall';
  const columns: Column<Row>[] = [
    {
      id: 'name',
      title: 'Function',
      className: 'fill',
      cell: (row) => <FunctionName {...row} />,
      sortBy: ({ name }) => name,
    },
    selfColumn(what),
    {
      id: 'selfShare',
      title: 'Self',
      isNumber: true,
      wideOnly: true,
      cell: ({ self }) => <Share value={self / tree.weight} />,
      sortBy: ({ self }) => self,
    },
    totalColumn(`Total ${what}`),
    {
      id: 'totalShare',
      title: 'Total',
      isNumber: true,
      wideOnly: true,
      cell: ({ total }) => formatShare(total / tree.weight),
      sortBy: ({ total }) => total,
    },
    { id: 'kind', title: 'Code', wideOnly: true, cell: ({ kind }) => KIND_NAMES[kind], sortBy: ({ kind }) => kind },
  ];
  if (knowsRuns) {
    columns.splice(5, 0, {
      id: 'runs',
      title: 'Runs',
      hint: 'Runs of consecutive samples with this function on the same stack: how often it was seen to begin. Not a count of calls.',
      isNumber: true,
      wideOnly: true,
      cell: ({ runs }) => formatInteger(runs),
      sortBy: ({ runs }) => runs,
    });
  }
  return columns;
}
