import type { DiffAnswer, RouteDiff } from './api-diff-types.ts';
import { code } from './diff-cells.ts';
import { percent } from './report-cells.ts';
import { printable } from './text-table.ts';

/** Longest list. */
const MOST_ROUTES = 5;

/** Of which routes a rise by the limit could have gone unseen, the best known first; nothing if of none. */
export function unseenRises({ failAbove, routes }: DiffAnswer, markdown: boolean): string[] {
  if (!failAbove) return [];
  const unseen = routes
    .filter(({ verdict, leastChange }) => verdict === 'few' || (verdict === 'same' && (leastChange ?? 0) > failAbove))
    .sort((a, b) => leastOf(a) - leastOf(b));
  if (unseen.length === 0) return [];
  const name = markdown ? code : printable;
  const lines = unseen
    .slice(0, MOST_ROUTES)
    .map((row) => `${markdown ? '- ' : '  '}${name(row.route)}: ${missingOf(row, failAbove)}`);
  const more = unseen.length - lines.length;
  return [
    `Too little was recorded to tell ${percent(failAbove)} more from chance${more > 0 ? `, of ${unseen.length} routes` : ''}:`,
    ...(markdown ? [''] : []),
    ...lines,
    '',
  ];
}

const leastOf = ({ leastChange }: RouteDiff): number => leastChange ?? Number.POSITIVE_INFINITY;

/** The error of four times as many runs is half of one's. */
function missingOf({ leastChange }: RouteDiff, failAbove: number): string {
  if (leastChange === null) return 'too few requests to know from where on';
  return `only from ${percent(leastChange)} on; about ${Math.ceil((leastChange / failAbove) ** 2)} times as many runs would do`;
}
