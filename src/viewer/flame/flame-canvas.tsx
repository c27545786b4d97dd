import { type ReactNode, type Ref, useCallback, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useIsDark } from '../state/theme.ts';
import type { Boxes } from './boxes.ts';
import type { BoxFaces } from './draw-boxes.ts';
import { pressKey } from './flame-keys.ts';
import { listenToPointer } from './flame-pointer.ts';
import { FlameView } from './flame-view.ts';
import { nextMatch } from './next-match.ts';
import { flameTheme } from './theme.ts';
import type { Viewport } from './viewport.ts';

export interface FlameCanvasProps {
  label: string;
  boxes: Boxes;
  faces: BoxFaces;
  /** Index of a box, -1 for none. */
  selected: number;
  onSelect(box: number): void;
  /** What to say of a box: beside the cursor, and to screen readers when it is selected. */
  wordsFor(box: number): { title: string; lines: string[] };
  /** Where to begin; the whole without. */
  view?: Viewport | undefined;
  onView?(view: Viewport): void;
  ref?: Ref<FlameCanvasHandle>;
  children?: ReactNode;
}

export interface FlameCanvasHandle {
  look(left: number, right: number): void;
  toMatch(step: 1 | -1): void;
}

/** A flame graph or flame chart that can be looked around in, with pointer and keyboard. Its tables say the same. */
export function FlameCanvas(props: FlameCanvasProps) {
  const { label, boxes, faces, selected, onSelect, wordsFor, view, ref } = props;
  const isDark = useIsDark();
  const canvas = useRef<HTMLCanvasElement>(null);
  const flame = useRef<FlameView>(null);
  const [hover, setHover] = useState<{ box: number; x: number; y: number } | null>(null);
  // What the listeners call is always of the last render, so that they need to be attached only once.
  const latest = useRef(props);
  latest.current = props;

  const toMatch = useCallback((step: 1 | -1) => {
    const { boxes, faces, selected, onSelect } = latest.current;
    const box = nextMatch(boxes, faces.matches, selected, step);
    if (box < 0) return;
    onSelect(box);
    flame.current?.reveal(box);
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const frame = element?.parentElement;
    if (element === null || frame === null || frame === undefined) return;
    const created = new FlameView(element, {
      drawn: (at) => latest.current.onView?.(at),
      hovered: (box, x, y) => setHover(box < 0 ? null : { box, x, y }),
    });
    flame.current = created;
    const resize = new ResizeObserver(([entry]) => {
      if (entry !== undefined) created.resize(entry.contentRect.width, entry.contentRect.height);
    });
    resize.observe(frame);
    created.resize(frame.clientWidth, frame.clientHeight);
    const stop = listenToPointer(element, created, {
      select: (box) => latest.current.onSelect(box),
      zoomTo: (box) => created.zoomTo(box),
    });
    return () => {
      stop();
      resize.disconnect();
      created.dispose();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: where to begin counts for new boxes only
  useEffect(() => {
    setHover(null);
    flame.current?.show({ boxes, faces, theme: flameTheme(isDark) }, view);
  }, [boxes, faces, isDark]);
  useEffect(() => flame.current?.select(selected), [selected]);
  useImperativeHandle(
    ref,
    () => ({
      look: (left, right) => flame.current?.look({ left, right, top: flame.current.view.top }),
      toMatch,
    }),
    [toMatch],
  );

  const said = selected < 0 ? null : wordsFor(selected);
  return (
    <div className="flame">
      <div
        className="flame-canvas"
        role="application"
        aria-label={`${label}. Arrow keys select, Enter zooms, Escape shows all, plus and minus zoom.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the focus
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || flame.current === null) return;
          if (pressKey(event, flame.current, { selected, select: onSelect, toMatch })) event.preventDefault();
        }}
      >
        <canvas ref={canvas} />
        {hover !== null && hover.box < boxes.size && (
          <Tooltip {...hover} {...wordsFor(hover.box)} flame={flame.current} />
        )}
      </div>
      <p className="hidden-text" aria-live="polite">
        {said === null ? '' : [said.title, ...said.lines].join(', ')}
      </p>
      {props.children}
    </div>
  );
}

interface TooltipProps {
  x: number;
  y: number;
  title: string;
  lines: string[];
  flame: FlameView | null;
}

function Tooltip({ x, y, title, lines, flame }: TooltipProps) {
  const { width = 0, height = 0 } = flame?.size ?? {};
  const place = {
    ...(x > width / 2 ? { right: width - x + 12 } : { left: x + 12 }),
    ...(y > height / 2 ? { bottom: height - y + 12 } : { top: y + 16 }),
  };
  return (
    <div className="tooltip" role="tooltip" style={place}>
      <strong className="mono">{title}</strong>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}
