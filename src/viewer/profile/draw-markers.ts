import type UPlot from 'uplot';
import type { SeriesMarker } from '../../collector/api-profile-types.ts';
import type { TimeWindow } from './time-window.ts';

/** Where chunks begin as thin lines, times without a chunk as a bar at the foot, and what was lost as one at the head. */
export function drawMarkers(
  plot: UPlot,
  markers: readonly SeriesMarker[],
  colours: { chunk: string; drop: string },
): void {
  const { ctx, bbox } = plot;
  // What was lost may have been before what is shown.
  const at = (ms: number): number =>
    Math.min(bbox.left + bbox.width - 1, Math.max(bbox.left, Math.round(plot.valToPos(ms / 1000, 'x', true))));
  ctx.save();
  for (const { kind, timeMs, untilMs } of markers) {
    const [x, width] = [at(timeMs), at(untilMs) - at(timeMs)];
    ctx.fillStyle = kind === 'drop' ? colours.drop : colours.chunk;
    if (kind === 'chunk') ctx.fillRect(x, bbox.top, 1, bbox.height);
    else if (kind === 'gap') ctx.fillRect(x, bbox.top + bbox.height - 3, Math.max(1, width), 3);
    else ctx.fillRect(x, bbox.top, Math.max(4, width), 4);
  }
  ctx.restore();
}

/** Shades what the flame chart does not show. */
export function drawWindow({ ctx, bbox, valToPos }: UPlot, window: TimeWindow | null, shade: string): void {
  if (window === null) return;
  const right = bbox.left + bbox.width;
  const [from, to] = [window.fromMs, window.toMs].map((ms) =>
    Math.min(right, Math.max(bbox.left, valToPos(ms / 1000, 'x', true))),
  ) as [number, number];
  ctx.save();
  ctx.fillStyle = shade;
  ctx.globalAlpha = 0.75;
  ctx.fillRect(bbox.left, bbox.top, from - bbox.left, bbox.height);
  ctx.fillRect(to, bbox.top, right - to, bbox.height);
  ctx.restore();
}
