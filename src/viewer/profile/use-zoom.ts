import { useCallback, useEffect, useRef } from 'react';
import type { Viewport } from '../flame/viewport.ts';
import { useQueryState } from '../state/query-state.ts';

/** A zoom is written into the address when it has come to rest: browsers limit how often that may be. */
const REST_MS = 250;

/** Keeps a chart's zoom in the address, as shares of its extent: `zoom=0.25~0.5`. */
export function useZoom(extent: number): { view: Viewport | undefined; onView: (view: Viewport) => void } {
  const [query, change] = useQueryState();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onView = useCallback(
    ({ left, right }: Viewport) => {
      clearTimeout(timer.current);
      const isWhole = right - left >= extent * 0.999_999;
      const text = isWhole ? null : `${share(left / extent)}~${share(right / extent)}`;
      timer.current = setTimeout(() => {
        if (new URLSearchParams(location.search).get('zoom') !== text) change({ zoom: text }, 'replace');
      }, REST_MS);
    },
    [extent, change],
  );
  return { view: parseZoom(query.get('zoom'), extent), onView };
}

const share = (value: number): number => Number(value.toPrecision(9));

function parseZoom(text: string | null, extent: number): Viewport | undefined {
  const [left = Number.NaN, right = Number.NaN] = (text ?? '').split('~').map(Number);
  return left >= 0 && right > left ? { left: left * extent, right: right * extent, top: 0 } : undefined;
}
