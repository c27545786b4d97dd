import type { SpansAnswer } from './api-types.ts';
import { andMore, attributionOf, percent, type ReportStyle, shortMs, wholeMs } from './report-cells.ts';
import { type Column, keepStart, markdownTable, printable, textTable } from './text-table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'span', align: 'left' },
  { title: 'spans', align: 'right' },
  { title: 'self ms', align: 'right' },
  { title: 'total ms', align: 'right' },
  { title: 'share', align: 'right' },
];

const NO_SPAN = '(no span)';
const UNKNOWN = '(span not known)';

/** CPU time by span: what `top --by span` prints. */
export function reportSpans(answer: SpansAnswer, { markdown = false, limit = 30 }: ReportStyle = {}): string {
  const { route, cpuMs, spans, unattributed, unknownMs } = answer;
  if (answer.contextChunks === 0) return `${cpuMs === 0 && route === null ? NO_PROFILES : NOTHING_KNOWN}\n`;
  const rows = spans
    .slice(0, limit)
    .map((row) => [
      markdown ? row.name : keepStart(row.name, 60),
      String(row.spans),
      shortMs(row.selfMs),
      shortMs(row.totalMs),
      percent(row.share),
    ]);
  const rest = (name: string, ms: number, share: number) => rows.push([name, '', shortMs(ms), '', percent(share)]);
  if (unknownMs > 0) rest(UNKNOWN, unknownMs, 1 - answer.contextShare);
  if (route === null) rest(NO_SPAN, unattributed.cpuMs, unattributed.share);
  return [
    `${printable(route ?? 'all routes')}: ${wholeMs(cpuMs)} ms CPU (by ${attributionOf(answer)})`,
    '',
    (markdown ? markdownTable : textTable)(COLUMNS, rows),
    ...andMore(spans.length - limit),
    '',
    noSpanNote(answer),
    ...(unknownMs > 0 ? [`${UNKNOWN}: in chunks whose samples do not say their span.`] : []),
    '',
  ].join('\n');
}

/** With a route the time is not in the table, since it is not the route's. */
function noSpanNote({ route, unattributed: { cpuMs, share, topFunction } }: SpansAnswer): string {
  const amount = route === null ? '' : ` ${wholeMs(cpuMs)} ms, ${percent(share)} of all CPU time seen,`;
  const top = topFunction === null ? '' : `, top function ${printable(keepStart(topFunction.name, 30))}`;
  return `${NO_SPAN}:${amount} outside of any living span${top}.`;
}

const NO_PROFILES = 'No profiles yet. Check that Sentry.init runs in the server with profileSessionSampleRate above 0.';

const NOTHING_KNOWN =
  'No profile here says which span its samples were in: that needs Node 24 or newer in the app, or Node 22 with ' +
  "--experimental-async-context-frame, and attribution that is not 'off'.";
