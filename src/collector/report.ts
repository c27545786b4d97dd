import type { Attributed, FunctionRef, FunctionsAnswer, Remainder, RoutesAnswer } from './api-types.ts';
import { andMore, attributionOf, percent, type ReportStyle, shortMs, wholeMs } from './report-cells.ts';
import { type Column, keepEnd, keepStart, markdownTable, textTable } from './text-table.ts';

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

const OTHER_ROOTS = '(other root spans)';
const UNATTRIBUTED = '(no request)';

/** The route table: what `top` prints and `GET /` answers. */
export function reportRoutes(answer: RoutesAnswer, { markdown = false, limit = 30 }: ReportStyle = {}): string {
  const { otherRoots, unattributed } = answer;
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
  const rest = (name: string, { cpuMs, share, topFunction }: Remainder) =>
    rows.push([name, '', '', '', '', wholeMs(cpuMs), percent(share), cut(functionName(topFunction), 20)]);
  if (otherRoots.cpuMs > 0) rest(OTHER_ROOTS, otherRoots);
  rest(UNATTRIBUTED, unattributed);
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
    `${answer.route ?? 'all routes'}: ${wholeMs(answer.cpuMs)} ms CPU (by ${attributionOf(answer)})`,
    '',
    (markdown ? markdownTable : textTable)(FUNCTION_COLUMNS, rows),
    ...andMore(answer.functions.length - limit),
    '',
  ].join('\n');
}

const NOTHING_YET =
  'No requests and no profiles yet. Check that Sentry.init runs in the server with tracesSampleRate and ' +
  'profileSessionSampleRate above 0.';

function notes(answer: RoutesAnswer): string[] {
  const { requests, profiledRequests, pendingRequests, otherRoots } = answer;
  const unprofiled = requests - profiledRequests - pendingRequests;
  return [
    `${requests} requests, ${wholeMs(answer.cpuMs)} ms CPU, given to requests by ${attributionOf(answer)}.`,
    ...HOW[answer.attribution],
    'Shares are of all CPU time seen, idle left out.',
    ...(otherRoots.cpuMs > 0 ? [otherRootsNote(otherRoots)] : []),
    ...(answer.routes.some((row) => row.requests === 0 && row.cpuMs > 0) ? [NOT_SENT] : []),
    ...(answer.unsampledMs >= 1
      ? [`${wholeMs(answer.unsampledMs)} ms more were used while no request was alive and the sampler slept.`]
      : []),
    ...(answer.fallbackChunks > 0 ? [`${answer.fallbackChunks} ${FALLBACK}`] : []),
    ...(pendingRequests > 0
      ? [`${pendingRequests} requests wait for their profile (up to 60 s); not in the CPU figures.`]
      : []),
    ...(unprofiled > 0 ? [`${unprofiled} requests were not profiled; not in the CPU figures.`] : []),
  ];
}

const NOT_SENT = '0 requests: none was received; SDKs do not send all, such as those answered with 404.';
const FALLBACK = 'profiles came through node:inspector, for lack of a usable binary: see next-profiling doctor.';
const CONTEXT = `context: each sample says which request it worked for; ${UNATTRIBUTED}: for none.`;
const TIME_WINDOW = 'time-window: a sample counts for the requests in flight at its time, in equal parts.';

const HOW: Record<Attributed['attribution'], string[]> = {
  context: [CONTEXT],
  'time-window': [TIME_WINDOW],
  mixed: [CONTEXT, TIME_WINDOW],
};

function otherRootsNote({ notReceivedMs }: RoutesAnswer['otherRoots']): string {
  const missing = notReceivedMs > 0 ? `, ${wholeMs(notReceivedMs)} ms of it not received` : '';
  return `${OTHER_ROOTS}: not known to be requests${missing}; see top --by span.`;
}

function where({ kind, file, line, column }: FunctionRef): string {
  if (file === '') return kind === 'node' || kind === 'app' ? 'built-in' : `V8 ${kind}`;
  return line > 0 ? `${file}:${line}:${column}` : file;
}

const functionName = (top: FunctionRef | null): string => top?.name ?? '-';
