import type { FrameKind } from './frame-kind.ts';

/** Whose code a frame is, as fine as a reader of a Next.js profile tells it apart. */
export type FrameCategory = 'app' | 'next' | 'react' | 'library' | 'node' | 'gc' | 'program' | 'idle';

export const FRAME_CATEGORIES: readonly FrameCategory[] = [
  'app',
  'next',
  'react',
  'library',
  'node',
  'gc',
  'program',
  'idle',
];

// The last `node_modules` of a path names the package: pnpm nests them. Next carries React in `next/dist/compiled`.
const PACKAGE = /^.*[\\/]?node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/](.*)$/;
const REACT = /^(react|react-dom|react-is|scheduler|react-server-dom-[a-z]+)([-\\/]|$)/;

/** @param file path of the frame, original where it is known, else of what was built */
export function frameCategory(kind: FrameKind, file: string): FrameCategory {
  if (kind === 'root') return 'idle';
  if (kind !== 'app' && kind !== 'library') return kind;
  const [, name, inside = ''] = PACKAGE.exec(file) ?? [];
  if (name === undefined) return kind;
  if (REACT.test(name)) return 'react';
  if (name === 'next') return REACT.test(inside.replace(/^dist[\\/]compiled[\\/]/, '')) ? 'react' : 'next';
  if (name.startsWith('@next')) return 'next';
  return 'library';
}
