import type { CSSProperties, ReactNode } from 'react';

/** Server stacks are deep: further down, a level is a hint only, so that names stay readable. */
const FULL_LEVELS = 12;

/** A cell of a tree in a table. */
export function Indented({ depth, title, children }: { depth: number; title?: string; children: ReactNode }) {
  const indent = 12 * Math.min(depth, FULL_LEVELS) + 2 * Math.min(Math.max(depth - FULL_LEVELS, 0), 50);
  return (
    <span className="tree-name" title={title} style={{ '--indent': indent } as CSSProperties}>
      {children}
    </span>
  );
}
