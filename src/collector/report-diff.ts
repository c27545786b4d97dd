import type { DiffAnswer, DiffSide, FunctionDiff, Rise, RouteDiff } from './api-diff-types.ts';
import { changeOf, code, type DiffStyle, FIGURES, figuresOf, nameCell, noiseOf, whereIs } from './diff-cells.ts';
import { andMore, counted, percent, shortMs } from './report-cells.ts';
import { unseenRises } from './report-unseen.ts';
import { type Column, markdownTable, printable, textTable } from './text-table.ts';

const ROUTE_COLUMNS: readonly Column[] = [
  { title: 'route', align: 'left' },
  { title: 'requests', align: 'right' },
  ...FIGURES,
];

const FUNCTION_COLUMNS: readonly Column[] = [
  { title: 'function', align: 'left' },
  { title: 'of route', align: 'left' },
  ...FIGURES,
];

/** What `next-profiling diff` prints: what became slower first, then every route, then the functions that changed. */
export function reportDiff(answer: DiffAnswer, style: DiffStyle = {}): string {
  const { markdown = false, limit = 30 } = style;
  const heading = markdown ? '### ' : '';
  const functions = functionTable(answer, markdown, limit);
  return [
    `${heading}${headlineOf(answer)}`,
    '',
    ...risesOf(answer, markdown, limit),
    ...unseenRises(answer, markdown),
    'CPU per request, in milliseconds:',
    '',
    ...routeTable(answer, markdown, limit),
    '',
    ...(functions.length === 0 ? [] : ['Functions, by the CPU of their own:', '', ...functions, '']),
    ...notesOf(answer, markdown).map((note) => (markdown ? `- ${note}` : note)),
    '',
  ].join('\n');
}

function headlineOf({ failAbove, slower }: DiffAnswer): string {
  const above =
    failAbove === null ? 'more CPU per request, beyond chance' : `over ${percent(failAbove)} more CPU per request`;
  if (slower.length === 0) return `ok: nothing takes ${above}`;
  const functions = slower.filter((rise) => rise.function !== null).length;
  const counts = [count(functions, 'function'), count(slower.length - functions, 'route')].filter(
    (text) => text !== '',
  );
  const verb = slower.length === 1 ? 'takes' : 'take';
  return `slower: ${counts.join(' and ')} ${verb} ${above}`;
}

const count = (number: number, what: string): string => (number === 0 ? '' : counted(number, what));

function risesOf({ slower }: DiffAnswer, markdown: boolean, limit: number): string[] {
  if (slower.length === 0) return [];
  const shown = slower.slice(0, limit).map((rise) => `${markdown ? '- ' : '  '}${riseLine(rise, markdown)}`);
  return [...shown, ...andMore(slower.length - limit), ''];
}

function riseLine(rise: Rise, markdown: boolean): string {
  const name = markdown ? code : printable;
  const { route, function: of, cpuMs } = rise;
  const what = of === null ? name(route) : `${name(of.name)} of ${name(route)}`;
  const change = rise.change === null ? 'new' : `${changeOf(rise)} ${noiseOf(rise)}`;
  const where = of === null || of.file === '' ? '' : `, ${name(whereIs(of))}`;
  return `${what}: ${change}, ${shortMs(cpuMs.base)} to ${shortMs(cpuMs.new)} ms${where}`;
}

function routeTable({ routes, outside }: DiffAnswer, markdown: boolean, limit: number): string[] {
  const rows = routes
    .slice(0, limit)
    .map((row) => [nameCell(row.route, 30, markdown), requestsOf(row), ...figuresOf(row)]);
  rows.push(['(no request)', '', ...figuresOf(outside)]);
  return [(markdown ? markdownTable : textTable)(ROUTE_COLUMNS, rows), ...andMore(routes.length - limit)];
}

const requestsOf = ({ requests }: RouteDiff): string => `${requests.base}, ${requests.new}`;

/** Functions that changed; of a single route all that count. */
function functionTable({ routes }: DiffAnswer, markdown: boolean, limit: number): string[] {
  const isWanted = ({ verdict }: FunctionDiff) =>
    routes.length === 1 || ['slower', 'faster', 'new', 'gone', 'moved'].includes(verdict);
  const all = routes.flatMap(({ route, functions }) => functions.filter(isWanted).map((row) => ({ route, row })));
  if (all.length === 0) return [];
  const rows = all
    .slice(0, limit)
    .map(({ route, row }) => [
      nameCell(row.name, 28, markdown),
      nameCell(route, 20, markdown, 'end'),
      ...figuresOf(row),
    ]);
  return [(markdown ? markdownTable : textTable)(FUNCTION_COLUMNS, rows), ...andMore(all.length - limit)];
}

function notesOf(answer: DiffAnswer, markdown: boolean): string[] {
  const { base, new: now, minCpuMs } = answer;
  const isSingle = Math.min(base.runs, now.runs) < 2;
  return [
    `base: ${sideOf(base, markdown)}`,
    `new: ${sideOf(now, markdown)}`,
    ...(base.attribution !== now.attribution && base.attribution !== null && now.attribution !== null
      ? [
          `The CPU of the two was given to requests in different ways, ${base.attribution} and ${now.attribution}: not comparable.`,
        ]
      : []),
    'Noise is one standard error; a change counts from three of it, of small functions four, of a slower route’s two.',
    `What takes less than ${minCpuMs} ms on both sides is not judged.`,
    ...(isSingle
      ? ['Of a single run nobody can tell what another would have taken: profile each build several times, in turn.']
      : []),
  ];
}

function sideOf({ release, requests, fromMs, toMs, runs }: DiffSide, markdown: boolean): string {
  const name = release === null ? '' : `${markdown ? code(release || '(none)') : printable(release || '(none)')}, `;
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 19);
  return `${name}${count(requests, 'request') || 'no request'} in ${count(runs, 'run') || 'no run'}, ${time(fromMs)} to ${time(toMs)} UTC`;
}
