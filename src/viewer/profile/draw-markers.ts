import type UPlot from 'uplot';
import type { SeriesMarker } from '../../collector/api-profile-types.ts';
import type { TimeWindow } from './time-window.ts';

/** Chunk borders as thin lines, drops as strong ones, and the times that the sampler slept as hatching at the foot. */
export function drawMarkers(plot: UPlot, markers: readonly SeriesMarker[], colours: { line: string; bad: string }): void {
  const { ctx, bbox } = plot;
  const at = (ms: number): number => Math.round(plot.valToPos(ms / 1000, 'x', true));
  ctx.save();
  for (const { kind, timeMs, untilMs } of markers) {
    ctx.fillStyle = kind === 'drop' ? colours.bad : colours.line;
    if (kind === 'gap') {
      ctx.globalAlpha = 0.5;
      ctx.fillRect(at(timeMs), bbox.top + bbox.height - 3, Math.max(1, at(untilMs) - at(timeMs)), 3);
    } else {
      ctx.globalAlpha = kind === 'drop' ? 1 : 0.6;
      ctx.fillRect(at(timeMs), bbox.top, kind === 'drop' ? 3 : 1, bbox.height);
    }
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
