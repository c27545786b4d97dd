import type { FrameKind } from '../../profile/frame-kind.ts';
import { formatPosition, shortFile } from '../model/format.ts';
import { KIND_NAMES, type ShownKind, shownKind } from '../model/shown-kind.ts';

interface FunctionNameProps {
  name: string;
  kind: FrameKind | ShownKind;
  file: string;
  line: number;
  column: number;
}

/** A function as it is shown in tables: whose it is, its name, where it is. */
export function FunctionName({ name, kind, file, line, column }: FunctionNameProps) {
  const shown = shownKind(kind);
  const position = formatPosition(file, line, column);
  return (
    <span className="function" title={position === '' ? name : `${name}\n${position}`}>
      <span className={`swatch ${shown}`} role="img" aria-label={KIND_NAMES[shown]} />
      <span className="name">{name}</span>
      {file !== '' && <span className="position wide-only">{formatPosition(shortFile(file), line, 0)}</span>}
    </span>
  );
}
