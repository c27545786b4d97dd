import type { FlameView } from './flame-view.ts';

/** Further than this is a drag and no click, pixels. */
const CLICK_SLOP = 4;
/** Zoom per wheel pixel; a notch of a wheel is about 100. */
const ZOOM_PER_PIXEL = 1.0016;

export interface PointerEvents {
  select(box: number): void;
  zoomTo(box: number): void;
}

/** Wheel zooms at the cursor, drag pans, two fingers pinch, click selects, double click zooms. Returns how to stop. */
export function listenToPointer(canvas: HTMLElement, view: FlameView, events: PointerEvents): () => void {
  const abort = new AbortController();
  const pointers = new Map<number, { x: number; y: number }>();
  let travelled = 0;

  const placeOf = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const on = <K extends keyof HTMLElementEventMap>(name: K, listener: (event: HTMLElementEventMap[K]) => void): void =>
    canvas.addEventListener(name, listener, { signal: abort.signal, passive: false });

  on('wheel', (event) => {
    event.preventDefault();
    const pixels = event.deltaMode === 0 ? 1 : 33;
    const { width } = view.size;
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (isSideways) view.pan(((event.deltaX || event.deltaY) * pixels) / width, 0);
    else if (event.altKey) view.pan(0, event.deltaY * pixels);
    else view.zoom(ZOOM_PER_PIXEL ** (event.deltaY * pixels), placeOf(event).x / width);
  });

  on('pointerdown', (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, placeOf(event));
    if (pointers.size === 1) travelled = 0;
  });

  on('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    const now = placeOf(event);
    if (before === undefined) return view.hover(now.x, now.y);
    const { width } = view.size;
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    travelled += Math.hypot(dx, dy);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (other !== undefined) {
      const [wasApart, isApart] = [Math.abs(before.x - other.x), Math.abs(now.x - other.x)];
      if (wasApart > 8 && isApart > 8) view.zoom(wasApart / isApart, (now.x + other.x) / 2 / width);
    } else if (travelled > CLICK_SLOP) {
      // Only now: a captured pointer would make every click one on the canvas, whatever is above it.
      if (!canvas.hasPointerCapture(event.pointerId)) canvas.setPointerCapture(event.pointerId);
      view.pan(-dx / width, -dy);
    }
  });

  const released = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
  };
  on('pointerup', (event) => {
    if (pointers.has(event.pointerId) && pointers.size === 1 && travelled <= CLICK_SLOP) {
      const { x, y } = placeOf(event);
      events.select(view.boxAt(x, y));
    }
    released(event);
  });
  on('pointercancel', released);
  on('pointerleave', () => {
    if (pointers.size === 0) view.leave();
  });
  on('dblclick', (event) => {
    const { x, y } = placeOf(event);
    events.zoomTo(view.boxAt(x, y));
  });
  return () => abort.abort();
}
