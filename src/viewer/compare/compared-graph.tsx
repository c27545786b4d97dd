import { useMemo, useState } from 'react';
import type { CompareAnswer } from '../../collector/api-trace-types.ts';
import { FlameCanvas } from '../flame/flame-canvas.tsx';
import { flameGraphBoxes } from '../flame/flame-graph-boxes.ts';
import { type CallTree, callTree } from '../model/call-tree.ts';
import { formatMs, formatPosition } from '../model/format.ts';
import { type FrameTable, frameRow, frameTable } from '../model/frame-table.ts';
import { Notice } from '../parts/notice.tsx';
import { linesOf } from '../profile/frame-lines.ts';
import { useIsDark } from '../state/theme.ts';
import { differenceColour } from './difference-colour.ts';
import { verdictOf } from './verdict.ts';

/** Both sides in one flame graph: as wide as the wider side, coloured by the difference. */
export function ComparedGraph({ answer }: { answer: CompareAnswer }) {
  const isDark = useIsDark();
  const [selected, setSelected] = useState(-1);
  const { frames, both, base, after, boxes } = useMemo(() => treesOf(answer), [answer]);
  const faces = useMemo(() => {
    const isTold = toldApart(answer, frames);
    const fillOf = (box: number): string => {
      const node = boxes.node[box] as number;
      const [before, now] = [base.total[node] as number, after.total[node] as number];
      return differenceColour(isTold.has(boxes.frame[box] as number) ? before : now, now, isDark);
    };
    return { label: frames.name, kind: frames.name.map(() => 'program' as const), matches: null, fillOf };
  }, [answer, frames, boxes, base, after, isDark]);
  if (both.weight === 0) return <Notice>Neither side has a profiled request.</Notice>;
  return (
    <section className="panel" aria-label="Differential flame graph">
      <FlameCanvas
        label="Differential flame graph"
        boxes={boxes}
        faces={faces}
        selected={selected}
        onSelect={setSelected}
        wordsFor={(box) => {
          const node = boxes.node[box] as number;
          const [before, now] = [base.total[node] as number, after.total[node] as number].map(
            (micros) => micros / 1000,
          );
          return {
            title: frames.name[boxes.frame[box] as number] ?? '',
            lines: [
              `${formatMs(before ?? 0)} → ${formatMs(now ?? 0)} ms of CPU per request`,
              ...linesOf(frameRow(frames, boxes.frame[box] as number)),
            ],
          };
        }}
      >
        <div className="flame-foot">
          <ul className="legend" aria-label="Colours">
            {LEGEND.map(([before, now, text]) => (
              <li key={text}>
                <svg width="10" height="10" aria-hidden="true">
                  <rect width="10" height="10" rx="2" fill={differenceColour(before, now, isDark)} />
                </svg>
                {text}
              </li>
            ))}
          </ul>
          <span>Width: CPU per request of the side that has more</span>
        </div>
      </FlameCanvas>
    </section>
  );
}

const LEGEND = [
  [1, 2, 'more CPU'],
  [2, 1, 'less CPU'],
  [1, 1, 'the same, or within noise'],
] as const;

function treesOf({ nodes, frames }: CompareAnswer) {
  const none = new Float64Array(nodes.parent.length);
  const side = (self: ArrayLike<number>): CallTree => callTree(nodes, self, none);
  const [base, after] = [side(nodes.baseSelfMicros), side(nodes.newSelfMicros)];
  const both = side(nodes.newSelfMicros.map((self, node) => Math.max(self, nodes.baseSelfMicros[node] ?? 0)));
  return { frames: frameTable(frames), both, base, after, boxes: flameGraphBoxes(both) };
}

/** Frames whose total time is known to differ. */
function toldApart({ functions }: CompareAnswer, frames: FrameTable): Set<number> {
  const key = (name: string, file: string, line: number, column: number) =>
    `${name} ${formatPosition(file, line, column)}`;
  const told = new Set(
    functions
      .filter(({ totalMs }) => verdictOf(totalMs) !== 'noise')
      .map(({ name, file, line, column }) => key(name, file, line, column)),
  );
  const found = new Set<number>();
  for (let frame = 0; frame < frames.size; frame++) {
    const { name, file, line, column } = frameRow(frames, frame);
    if (told.has(key(name, file, line, column))) found.add(frame);
  }
  return found;
}
