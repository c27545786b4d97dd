import type { Filter } from '../collector/filter.ts';
import { queryFunctions, queryRoutes } from '../collector/query.ts';
import { queryBlocks } from '../collector/query-blocks.ts';
import { querySpans } from '../collector/query-spans.ts';
import { reportFunctions, reportRoutes } from '../collector/report.ts';
import { reportBlocks } from '../collector/report-blocks.ts';
import type { ReportStyle } from '../collector/report-cells.ts';
import { reportSpans } from '../collector/report-spans.ts';
import { wrongUsage } from '../errors.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import { type Command, MAPS_OPTION, STORE_OPTION } from './command.ts';
import { nearest } from './nearest.ts';
import { durationMsOf, oneOf, textOf } from './option-values.ts';
import { openRecordedStore, symbolNote } from './readable-store.ts';

const SUBJECTS = ['route', 'span', 'function', 'block'] as const;

interface Question {
  route: string | undefined;
  by: (typeof SUBJECTS)[number];
  format: 'text' | 'json' | 'markdown';
  range: Filter;
}

export const top: Command = {
  name: 'top',
  usage: 'top [--route R] [--by WHAT] [--json|--markdown] [--since AGE] [OPTION…]',
  summary: 'Show where the CPU goes by route, span or function, or who blocked the event loop',
  options: {
    route: { value: 'R', help: 'only this route, like /blog/[slug]; shows its functions, or its spans' },
    by: { value: 'WHAT', help: 'route, span, function or block (default: function with --route, else route)' },
    json: { help: 'print JSON, as GET /api/v1/… answers it' },
    markdown: { help: 'print a Markdown table' },
    since: { value: 'AGE', help: 'only what is younger than this: 90s, 10m, 2h, 1d (default: everything)' },
    store: STORE_OPTION,
    maps: MAPS_OPTION,
  },

  async run({ values }) {
    if (values.json && values.markdown)
      throw wrongUsage('--json and --markdown exclude each other', 'next-profiling top');
    const route = textOf(values, 'route');
    const sinceMs = durationMsOf(values, 'since', 'top');
    const question: Question = {
      route,
      by: oneOf(values, 'by', SUBJECTS, 'top') ?? (route === undefined ? 'route' : 'function'),
      format: values.json ? 'json' : values.markdown ? 'markdown' : 'text',
      range: sinceMs === undefined ? {} : { fromMs: Date.now() - sinceMs },
    };
    const { store, symbols } = await openRecordedStore(values);
    try {
      process.stdout.write(await REPORTS[question.by](store, question));
      process.stderr.write(symbolNote(symbols));
      return 0;
    } finally {
      await store.close();
    }
  },
};

async function routeReport(store: ProfileStore, { route, format, range }: Question): Promise<string> {
  const answer = await queryRoutes(store, range);
  if (route !== undefined) {
    const rows = answer.routes.filter((row) => row.route === route);
    if (rows.length === 0)
      throw noSuchRoute(
        route,
        answer.routes.map((row) => row.route),
      );
    answer.routes = rows;
  }
  return format === 'json' ? json(answer) : reportRoutes(answer, { markdown: format === 'markdown' });
}

const REPORTS: Record<Question['by'], (store: ProfileStore, question: Question) => Promise<string>> = {
  route: routeReport,
  span: reportOf(querySpans, reportSpans),
  function: reportOf(queryFunctions, reportFunctions),
  block: reportOf(queryBlocks, reportBlocks),
};

/** A report on one route or on all. */
function reportOf<T>(
  query: (store: ProfileStore, route: string | null, range: Filter) => Promise<T | null>,
  report: (answer: T, style: ReportStyle) => string,
) {
  return async (store: ProfileStore, { route, format, range }: Question): Promise<string> => {
    const answer = await query(store, route ?? null, range);
    if (answer === null) {
      const known = (await queryRoutes(store, range)).routes.map((row) => row.route);
      throw noSuchRoute(route ?? '', known);
    }
    return format === 'json' ? json(answer) : report(answer, { markdown: format === 'markdown' });
  };
}

function noSuchRoute(route: string, known: readonly string[]) {
  const near = nearest(route, known);
  const hint = near ? `did you mean '${near}'?` : `there are: ${known.slice(0, 10).join(', ') || 'none'}`;
  return wrongUsage(`no requests of route '${route}', ${hint}`, 'next-profiling top');
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
