import type { FlameView } from './flame-view.ts';

export interface KeyEvents {
  selected: number;
  select(box: number): void;
  /** The next box that matches the search, or the one before. */
  toMatch(step: 1 | -1): void;
}

const ARROWS: Readonly<Record<string, 'up' | 'down' | 'left' | 'right'>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

const ZOOM = 1.25;
const PAN = 0.1;

/** Does what a key asks for; `false`: nothing. */
export function pressKey(
  { key, shiftKey }: { key: string; shiftKey: boolean },
  view: FlameView,
  on: KeyEvents,
): boolean {
  const arrow = ARROWS[key];
  if (arrow !== undefined && shiftKey) {
    if (arrow === 'left' || arrow === 'right') view.pan(arrow === 'left' ? -PAN : PAN, 0);
    else view.pan(0, arrow === 'up' ? -60 : 60);
    return true;
  }
  if (arrow !== undefined) {
    const box = view.neighbour(arrow);
    if (box >= 0) {
      on.select(box);
      view.reveal(box);
    }
    return true;
  }
  switch (key) {
    case 'Enter':
      view.zoomTo(on.selected);
      return true;
    case 'Escape':
      view.showAll();
      on.select(-1);
      return true;
    case '+':
    case '=':
      view.zoom(1 / ZOOM);
      return true;
    case '-':
      view.zoom(ZOOM);
      return true;
    case 'n':
    case 'N':
      on.toMatch(key === 'n' ? 1 : -1);
      return true;
    default:
      return false;
  }
}
