import type { FrameColumns } from '../../collector/api-profile-types.ts';
import { formatPosition } from './format.ts';
import { type ShownKind, shownKind } from './shown-kind.ts';

/** The functions of an answer, by frame index. */
export interface FrameTable {
  readonly size: number;
  readonly name: readonly string[];
  readonly kind: readonly ShownKind[];
  readonly file: readonly string[];
  readonly line: readonly number[];
  readonly column: readonly number[];
}

export interface FrameRow {
  name: string;
  kind: ShownKind;
  file: string;
  line: number;
  column: number;
}

export function frameTable(frames: FrameColumns): FrameTable {
  return { ...frames, size: frames.name.length, kind: frames.kind.map(shownKind) };
}

/** The same frames and one more, whose index is the last. */
export function withFrame(frames: FrameTable, { name, kind, file, line, column }: FrameRow): FrameTable {
  return {
    size: frames.size + 1,
    name: [...frames.name, name],
    kind: [...frames.kind, kind],
    file: [...frames.file, file],
    line: [...frames.line, line],
    column: [...frames.column, column],
  };
}

export function frameRow(frames: FrameTable, frame: number): FrameRow {
  return {
    name: frames.name[frame] ?? '',
    kind: frames.kind[frame] ?? 'app',
    file: frames.file[frame] ?? '',
    line: frames.line[frame] ?? 0,
    column: frames.column[frame] ?? 0,
  };
}

/** What a frame is called in an address: its index differs from answer to answer. */
export function frameKey(frames: FrameTable, frame: number): string {
  const { name, file, line, column } = frameRow(frames, frame);
  const position = formatPosition(file, line, column);
  return position === '' ? name : `${name} ${position}`;
}

/** -1: the frame is not in this answer. */
export function findFrame(frames: FrameTable, key: string | null): number {
  if (key === null) return -1;
  for (let frame = 0; frame < frames.size; frame++) {
    if (key.startsWith(frames.name[frame] as string) && frameKey(frames, frame) === key) return frame;
  }
  return -1;
}

/** 1 for each frame whose name or file has the text in it, in whatever case; `null`: nothing is searched for. */
export function searchFrames(frames: FrameTable, text: string): Uint8Array | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return null;
  return Uint8Array.from({ length: frames.size }, (_, frame) =>
    frames.name[frame]?.toLowerCase().includes(wanted) || frames.file[frame]?.toLowerCase().includes(wanted) ? 1 : 0,
  );
}
