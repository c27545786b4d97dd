import type UPlot from 'uplot';
import type { SeriesMarker } from '../../collector/api-profile-types.ts';
import type { TimeWindow } from './time-window.ts';

/** Where chunks begin as thin lines, and times without a chunk as a bar at the foot. */
export function drawMarkers(plot: UPlot, markers: readonly SeriesMarker[], colour: string): void {
  const { ctx, bbox } = plot;
  const at = (ms: number): number => Math.round(plot.valToPos(ms / 1000, 'x', true));
  ctx.save();
  ctx.fillStyle = colour;
  for (const { kind, timeMs, untilMs } of markers) {
    if (kind === 'gap') ctx.fillRect(at(timeMs), bbox.top + bbox.height - 3, Math.max(1, at(untilMs) - at(timeMs)), 3);
    else ctx.fillRect(at(timeMs), bbox.top, 1, bbox.height);
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
