import type { FrameKind } from '../../profile/frame-kind.ts';

/** Kinds of frames as the viewer tells them apart; the order is that of the legend. */
export const KINDS = ['app', 'next', 'react', 'library', 'node', 'gc', 'program', 'pruned', 'idle'] as const;
export type ShownKind = (typeof KINDS)[number];

export const KIND_NAMES: Readonly<Record<ShownKind, string>> = {
  app: 'App',
  next: 'Next',
  react: 'React',
  library: 'node_modules',
  node: 'Node',
  gc: 'GC',
  program: 'Native',
  pruned: 'Pruned',
  idle: 'Idle',
};

/** What "hide framework" hides: everything that is not the app's own and not a cost of its own. */
export const FRAMEWORK: ReadonlySet<ShownKind> = new Set(['next', 'react', 'library', 'node']);

export function shownKind(kind: FrameKind | ShownKind): ShownKind {
  return kind === 'root' ? 'idle' : kind;
}
