import type { BlocksAnswer } from './api-trace-types.ts';
import { andMore, type ReportStyle, wholeMs } from './report-cells.ts';
import { type Column, keepEnd, keepStart, markdownTable, textTable } from './text-table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'block ms', align: 'right' },
  { title: 'cpu ms', align: 'right' },
  { title: 'waiting', align: 'right' },
  { title: 'route', align: 'left' },
  { title: 'function', align: 'left' },
  { title: 'where', align: 'left' },
  { title: 'at', align: 'left' },
];

/** The longest runs of one request on the loop: what `top --by block` prints. */
export function reportBlocks({ contextChunks, blocks }: BlocksAnswer, style: ReportStyle = {}): string {
  const { markdown = false, limit = 20 } = style;
  if (contextChunks === 0) return `${NOTHING_KNOWN}\n`;
  if (blocks.length === 0) return 'No request kept the loop for as long as two samples.\n';
  const rows = blocks.slice(0, limit).map((block) => {
    const where = block.function?.file ? `${block.function.file}:${block.function.line}` : '';
    return [
      wholeMs(block.durationMs),
      wholeMs(block.cpuMs),
      String(block.inFlight + block.queued),
      markdown ? (block.route ?? block.name) : keepEnd(block.route ?? block.name, 24),
      markdown ? (block.function?.name ?? '') : keepStart(block.function?.name ?? '', 24),
      markdown ? where : keepEnd(where, 32),
      new Date(block.startMs).toISOString().slice(11, 23),
    ];
  });
  return [
    'The longest times that one request kept the event loop from all others:',
    '',
    (markdown ? markdownTable : textTable)(COLUMNS, rows),
    ...andMore(blocks.length - limit),
    '',
    'waiting: requests that were in flight, or began right after it. at: UTC.',
    '',
  ].join('\n');
}

const NOTHING_KNOWN =
  'No profile here says which request its samples were in: that needs Node 24 or newer in the app, or Node 22 with ' +
  "--experimental-async-context-frame, and attribution that is not 'off'.";
