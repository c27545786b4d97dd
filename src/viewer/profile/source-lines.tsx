import type { SourceAnswer } from '../../collector/api-profile-types.ts';
import type { FrameRow } from '../model/frame-table.ts';
import { apiQuery } from '../state/filter.ts';
import { useQueryState } from '../state/query-state.ts';
import { useAnswer } from '../state/use-answer.ts';

/** The source where a function begins, if the source maps have it. */
export function SourceLines({ name, file, line, column }: FrameRow) {
  const [query] = useQueryState();
  const place = new URLSearchParams({ file, name, line: String(line), column: String(column) });
  const isPlace = file !== '' && line > 0 && column > 0;
  const { data } = useAnswer<SourceAnswer>(isPlace ? 'source' : null, [place, apiQuery(query)].join('&'));
  // What is kept of the function before this one is another's.
  if (data === undefined || data.lines.length === 0 || data.file !== file || data.line !== line) return null;
  return (
    <section aria-label="Source">
      <h3>Source</h3>
      <ol className="source" start={data.firstLine}>
        {data.lines.map((text, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is what its number is
          <li key={index} className={data.firstLine + index === line ? 'at' : undefined}>
            <code>{text}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}
