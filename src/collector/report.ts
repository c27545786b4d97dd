import type { FunctionRef, FunctionsAnswer, RoutesAnswer } from './api-types.ts';
import { type Column, keepEnd, keepStart, markdownTable, textTable } from './text-table.ts';

/** How a report is written: for a terminal of 100 columns, or as Markdown with nothing cut off. */
export interface ReportStyle {
  markdown?: boolean;
  /** Longest list of routes or functions. */
  limit?: number;
}

const ROUTE_COLUMNS: readonly Column[] = [
  { title: 'route', align: 'left' },
  { title: 'requests', align: 'right' },
  { title: 'ms/req', align: 'right' },
  { title: 'p50', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: 'cpu ms', align: 'right' },
  { title: 'share', align: 'right' },
  { title: 'top function', align: 'left' },
];

const FUNCTION_COLUMNS: readonly Column[] = [
  { title: 'function', align: 'left' },
  { title: 'self ms', align: 'right' },
  { title: 'total ms', align: 'right' },
  { title: 'share', align: 'right' },
  { title: 'where', align: 'left' },
];

const UNATTRIBUTED = '(no request)';

/** The route table: what `top` prints and `GET /` answers. */
export function reportRoutes(answer: RoutesAnswer, { markdown = false, limit = 30 }: ReportStyle = {}): string {
  if (answer.requests === 0 && answer.cpuMs === 0) return `${NOTHING_YET}\n`;
  const cut = markdown ? (text: string) => text : keepStart;
  const rows = answer.routes
    .slice(0, limit)
    .map((row) => [
      cut(row.route, 26),
      String(row.requests),
      ...[row.cpuMsPerRequest?.mean, row.cpuMsPerRequest?.p50, row.cpuMsPerRequest?.p95].map(shortMs),
      wholeMs(row.cpuMs),
      percent(row.share),
      cut(functionName(row.topFunction), 20),
    ]);
  const { cpuMs, share, topFunction } = answer.unattributed;
  rows.push([UNATTRIBUTED, '', '', '', '', wholeMs(cpuMs), percent(share), cut(functionName(topFunction), 20)]);
  const table = (markdown ? markdownTable : textTable)(ROUTE_COLUMNS, rows);
  return [table, ...andMore(answer.routes.length - limit), '', ...notes(answer), ''].join('\n');
}

/** The functions of a route: what `top --route` prints. */
export function reportFunctions(answer: FunctionsAnswer, { markdown = false, limit = 30 }: ReportStyle = {}): string {
  const cut = markdown ? (text: string) => text : keepStart;
  const shown = answer.functions.slice(0, limit);
  const rows = shown.map((row) => [
    cut(row.name, 30),
    shortMs(row.selfMs),
    shortMs(row.totalMs),
    percent(row.share),
    markdown ? where(row) : keepEnd(where(row), 38),
  ]);
  return [
    `${answer.route ?? 'all routes'}: ${wholeMs(answer.cpuMs)} ms CPU (by ${answer.attribution})`,
    '',
    (markdown ? markdownTable : textTable)(FUNCTION_COLUMNS, rows),
    ...andMore(answer.functions.length - limit),
    '',
  ].join('\n');
}

const NOTHING_YET =
  'No requests and no profiles yet. Check that Sentry.init runs in the server with tracesSampleRate and ' +
  'profileSessionSampleRate above 0.';

function notes({ attribution, requests, profiledRequests, pendingRequests, cpuMs }: RoutesAnswer): string[] {
  const unprofiled = requests - profiledRequests - pendingRequests;
  return [
    `${requests} requests, ${wholeMs(cpuMs)} ms CPU, given to requests by ${attribution}: a sample counts for the`,
    'requests in flight at its time, in equal parts. Shares are of all CPU time seen, idle left out.',
    ...(pendingRequests > 0
      ? [`${pendingRequests} requests wait for their profile (up to 60 s); not in the CPU figures.`]
      : []),
    ...(unprofiled > 0 ? [`${unprofiled} requests were not profiled; not in the CPU figures.`] : []),
  ];
}

const andMore = (number: number): string[] => (number > 0 ? ['', `and ${number} more; --json lists all`] : []);

function where({ kind, file, line, column }: FunctionRef): string {
  if (file === '') return kind === 'node' || kind === 'app' ? 'built-in' : `V8 ${kind}`;
  return line > 0 ? `${file}:${line}:${column}` : file;
}

const functionName = (top: FunctionRef | null): string => top?.name ?? '-';
const shortMs = (ms: number | undefined): string => (ms === undefined ? '-' : ms.toFixed(ms < 9.995 ? 2 : 1));
const wholeMs = (ms: number): string => ms.toFixed(ms < 9.95 ? 1 : 0);
const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
