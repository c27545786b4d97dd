import type { Frame } from './types.ts';

/**
 * Who a frame's time belongs to. `next` is Next and what its bundlers add, `react` is React, wherever they can be told:
 * Next's bundles hold both, which only source maps tell apart. `library` is other code under `node_modules`, or what the
 * SDK marks as not the app's, and native addons; `node` is Node's own JavaScript and V8's built-ins; `gc`, `program` and
 * `idle` are V8's pseudo-functions, `root` its empty top. `pruned` is no function: it stands for those that a call tree
 * leaves out.
 */
export type FrameKind = 'app' | 'next' | 'react' | 'library' | 'node' | 'gc' | 'program' | 'idle' | 'root' | 'pruned';

const PSEUDO: ReadonlyMap<string, FrameKind> = new Map([
  ['(garbage collector)', 'gc'],
  ['(program)', 'program'],
  ['(idle)', 'idle'],
  ['(root)', 'root'],
  // Ours: `native/addon.cc`.
  ['(native addon)', 'library'],
]);

export function frameKind(frame: Frame): FrameKind {
  const pseudo = PSEUDO.get(frame.function ?? '');
  if (pseudo !== undefined) return pseudo;
  const path = framePath(frame);
  if (path === '' || path.startsWith('node:')) return frame.in_app === true && path === '' ? 'app' : 'node';
  const owner = packageKind(path.replaceAll('\\', '/'));
  if (owner !== undefined) return owner;
  if (frame.in_app !== undefined) return frame.in_app ? 'app' : 'library';
  return 'app';
}

/** What is certain to be somebody else's than the app's. */
function packageKind(path: string): FrameKind | undefined {
  // Turbopack's and webpack's own code, in the output.
  if (/(^|\/)(\[turbopack\][/_]|webpack-(api-)?runtime\.js$)|^webpack\/|^external /.test(path)) return 'next';
  const [, file] = /^(?:.*\/)?node_modules\/(.*)/.exec(path) ?? [];
  if (file === undefined) return undefined;
  if (/^(next\/dist\/compiled\/)?(react|react-dom|react-server-dom-\w+|scheduler)(-experimental)?\//.test(file))
    return 'react';
  return file.startsWith('next/') ? 'next' : 'library';
}

/** The frame's file as a plain path, `''` if it has none. */
export function framePath(frame: Frame): string {
  const path = frame.abs_path || frame.filename || '';
  // The URL of a path on a Windows drive has a slash before it.
  return path.replace(/^file:\/\/(\/(?=[A-Za-z]:\/))?/, '');
}

/**
 * Whether a stack, leaf first, says that the thread did nothing. An empty one does, and so does V8's `(idle)`, which the
 * Sentry SDK sends as an ordinary frame under `(root)`.
 */
export function isIdle(stack: readonly number[], frames: readonly Frame[]): boolean {
  const leaf = stack[0] === undefined ? undefined : frames[stack[0]];
  if (leaf === undefined) return true;
  const kind = frameKind(leaf);
  return kind === 'idle' || kind === 'root';
}
