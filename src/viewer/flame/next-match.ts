import type { Boxes } from './boxes.ts';

/** The next box of a frame that matches, around the end if need be; -1: none does. */
export function nextMatch(boxes: Boxes, matches: Uint8Array | null, from: number, step: 1 | -1): number {
  if (matches === null) return -1;
  const start = from < 0 && step === -1 ? boxes.size : from;
  for (let count = 1; count <= boxes.size; count++) {
    const box = (((start + step * count) % boxes.size) + boxes.size) % boxes.size;
    if (matches[boxes.frame[box] as number] === 1) return box;
  }
  return -1;
}
