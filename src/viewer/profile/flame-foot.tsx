import type { FrameTable } from '../model/frame-table.ts';
import { KIND_NAMES, KINDS } from '../model/shown-kind.ts';

/** What the colours mean, and what the mouse and the keys do. */
export function FlameFoot({ frames }: { frames: FrameTable }) {
  const present = new Set(frames.kind);
  return (
    <div className="flame-foot">
      <ul className="legend" aria-label="Colours">
        {KINDS.filter((kind) => present.has(kind)).map((kind) => (
          <li key={kind}>
            <span className={`swatch ${kind}`} aria-hidden="true" />
            {KIND_NAMES[kind]}
          </li>
        ))}
      </ul>
      <span className="wide-only">
        Wheel zooms · drag pans · double-click or Enter fills the width · Esc shows all · arrows select · / searches · n
        next
      </span>
    </div>
  );
}
