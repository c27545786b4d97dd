import { CONTENDERS, type Contender, TITLES } from './contenders.ts';
import { type Figure, ratios, type Spread, spreadOf } from './figures.ts';

export interface Report {
  readonly date: string;
  readonly node: string;
  readonly cores: number;
  /** Processes that wanted a core before the first measure; more than some tenths of one, and others were at work. */
  readonly loadBefore: number;
  readonly minutes: number;
  readonly figures: readonly Figure[];
  /** Who is missing where, and why. */
  readonly missing: readonly { readonly contender: Contender; readonly measure: string; readonly reason: string }[];
}

/** A row for each figure, a column for each contender. */
export function markdownOf(report: Report): string {
  const present = CONTENDERS.filter((contender) => report.figures.some(({ values }) => values[contender]));
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['', ...present.map((contender) => TITLES[contender])]),
    `|${'---|'.repeat(present.length + 1)}`,
    ...report.figures.map((figure) => row([figure.says, ...present.map((contender) => cellOf(figure, contender))])),
    '',
    noteOf(report),
    ...report.missing.map(({ contender, measure, reason }) => `- ${contender} is missing in ${measure}: ${reason}`),
  ].join('\n');
}

function noteOf({ node, cores, minutes, loadBefore }: Report): string {
  const busy = loadBefore > 0.5 ? `; other processes were at work (load ${loadBefore.toFixed(1)})` : '';
  return (
    'The column whose figures have units is what the others of its row are divided by, round by round: medians, with the least and the ' +
    `greatest of the rounds. Shares are of the truth. Node ${node.slice(1)}, ${cores} cores, ${Math.round(minutes)} minutes${busy}.`
  );
}

function cellOf(figure: Figure, contender: Contender): string {
  const values = figure.values[contender];
  if (values === undefined) return '–';
  if (contender === figure.base) return absolute(figure, spreadOf(values).median);
  const spread = spreadOf(ratios(figure, contender) ?? []);
  if (Number.isNaN(spread.median)) return absolute(figure, spreadOf(values).median);
  return figure.unit === 'share' ? `${inPercent(spread)} %` : between(spread, (value) => value.toFixed(2));
}

const inPercent = ({ median, least, greatest }: Spread): string =>
  between({ median: 100 * median, least: 100 * least, greatest: 100 * greatest }, (value) => value.toFixed(0));

function between({ median, least, greatest }: Spread, shown: (value: number) => string): string {
  const ends = [shown(least), shown(greatest)];
  return ends[0] === ends[1] ? shown(median) : `${shown(median)} (${ends.join('–')})`;
}

const absolute = ({ unit }: Figure, value: number): string =>
  unit === 'share'
    ? `${(100 * value).toFixed(0)} %`
    : `${value.toPrecision(value < 100 ? 2 : 3)} ${unit === 'per s' ? '/s' : unit}`;

/** The table without its bars, for a terminal. */
export function textOf(report: Report): string {
  const [head = '', , ...rest] = markdownOf(report).split('\n');
  const cells = [head, ...rest.filter((line) => line.startsWith('|'))].map((line) =>
    line.slice(2, -2).replaceAll('`', '').split(' | '),
  );
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const table = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...table, ...rest.filter((line) => !line.startsWith('|'))].join('\n');
}

/** Everything, with each round's values, and ratios where there is a base. */
export function jsonOf(report: Report): string {
  const figures = report.figures.map((figure) => ({
    ...figure,
    spreads: Object.fromEntries(
      CONTENDERS.flatMap((contender) => {
        const of = ratios(figure, contender);
        return of === undefined ? [] : [[contender, spreadOf(of)]];
      }),
    ),
  }));
  return `${JSON.stringify({ ...report, figures }, null, 2)}\n`;
}
