/** The part of a chart that is on the screen: units from left to right, and pixels scrolled down. */
export interface Viewport {
  left: number;
  right: number;
  top: number;
}

/** The narrowest that a chart can be zoomed to, units. */
const MIN_WIDTH = 1;

/** Moves a viewport into the chart: `extent` units wide, `scrollable` pixels that do not fit in height. */
export function clamped({ left, right, top }: Viewport, extent: number, scrollable: number): Viewport {
  const width = Math.min(Math.max(right - left, Math.min(MIN_WIDTH, extent)), extent);
  const from = Math.min(Math.max(left, 0), extent - width);
  return { left: from, right: from + width, top: Math.min(Math.max(top, 0), Math.max(0, scrollable)) };
}

/** Zooms about a place, 0 at the left edge and 1 at the right, which stays where it is. A factor below 1 zooms in. */
export function zoomed({ left, right, top }: Viewport, factor: number, place: number): Viewport {
  const at = left + (right - left) * place;
  return { left: at - (at - left) * factor, right: at + (right - at) * factor, top };
}

/** Pans by shares of the width and by pixels of height. */
export function panned({ left, right, top }: Viewport, share: number, pixels: number): Viewport {
  const by = (right - left) * share;
  return { left: left + by, right: right + by, top: top + pixels };
}
