import { useMemo, useState } from 'react';
import type { Boxes } from '../flame/boxes.ts';
import { FlameCanvas } from '../flame/flame-canvas.tsx';
import { flameGraphBoxes } from '../flame/flame-graph-boxes.ts';
import { formatDuration, formatShare } from '../model/format.ts';
import { frameRow } from '../model/frame-table.ts';
import { Notice } from '../parts/notice.tsx';
import { FlameFoot } from './flame-foot.tsx';
import { linesOf } from './frame-lines.ts';
import type { TabProps } from './tab-props.ts';
import { useZoom } from './use-zoom.ts';

/** The merged profile as a flame graph. */
export function GraphTab({ profile, matches, frame, onFrame }: TabProps) {
  const { tree, frames } = profile;
  const boxes = useMemo(() => flameGraphBoxes(tree), [tree]);
  const faces = useMemo(() => ({ label: frames.name, kind: frames.kind, matches }), [frames, matches]);
  const [clicked, setClicked] = useState(-1);
  const { view, onView } = useZoom(boxes.extent);
  const selected = useMemo(
    () => (clicked >= 0 && boxes.frame[clicked] === frame ? clicked : widestBox(boxes, frame)),
    [boxes, frame, clicked],
  );
  if (boxes.size === 0) return <Notice>No samples in this selection.</Notice>;
  return (
    <FlameCanvas
      label="Flame graph"
      boxes={boxes}
      faces={faces}
      selected={selected}
      onSelect={(box) => {
        setClicked(box);
        onFrame(box < 0 ? -1 : (boxes.frame[box] as number));
      }}
      wordsFor={(box) => {
        const node = boxes.node[box] as number;
        const [total, self] = [tree.total[node] as number, tree.self[node] as number];
        return {
          title: frames.name[boxes.frame[box] as number] ?? '',
          lines: [
            `${formatDuration(total / 1000)} total, ${formatShare(total / tree.weight)}`,
            `${formatDuration(self / 1000)} self, ${formatShare(self / tree.weight)}`,
            ...linesOf(frameRow(frames, boxes.frame[box] as number)),
          ],
        };
      }}
      view={view}
      onView={onView}
    >
      <FlameFoot frames={frames} />
    </FlameCanvas>
  );
}

/** Where a frame that was chosen elsewhere is seen best; -1: it has no box. */
function widestBox(boxes: Boxes, frame: number): number {
  let best = -1;
  let width = 0;
  if (frame < 0) return best;
  for (let box = 0; box < boxes.size; box++) {
    if (boxes.frame[box] !== frame) continue;
    const here = (boxes.end[box] as number) - (boxes.start[box] as number);
    if (here > width) [best, width] = [box, here];
  }
  return best;
}
