import { formatPosition } from '../model/format.ts';
import type { FrameRow } from '../model/frame-table.ts';
import { KIND_NAMES } from '../model/shown-kind.ts';

/** What there is to say of a frame beside its name. */
export function linesOf({ kind, file, line, column }: FrameRow): string[] {
  const position = formatPosition(file, line, column);
  return position === '' ? [KIND_NAMES[kind]] : [position, KIND_NAMES[kind]];
}
