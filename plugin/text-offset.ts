/** How far a text begins from where it began before. Counted from 0, as source maps do. */
export interface TextOffset {
  line: number;
  column: number;
}

/** `null` if more was done to a text than to put something before it. */
export function offsetAfter(before: string, after: string): TextOffset | null {
  if (!after.endsWith(before)) return null;
  const lines = after.slice(0, after.length - before.length).split('\n');
  return { line: lines.length - 1, column: lines.at(-1)?.length ?? 0 };
}
