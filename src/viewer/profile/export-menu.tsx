import { withToken } from '../state/fetch-json.ts';
import { apiQuery } from '../state/filter.ts';
import { useQueryState } from '../state/query-state.ts';
import type { Weight } from './profile.ts';

const FORMATS = [
  ['speedscope', 'speedscope (.speedscope.json)'],
  ['cpuprofile', 'Chrome DevTools (.cpuprofile)'],
  ['pprof', 'pprof (.pb.gz)'],
] as const;

/** What is shown, as a file for other tools, or in the copy of speedscope that comes with the collector. */
export function ExportMenu({ weight }: { weight: Weight }) {
  const [query] = useQueryState();
  const address = (format: string) => withToken(`/api/v1/export?${apiQuery(query, { format, weight })}`);
  return (
    <details className="menu">
      <summary className="button">Export</summary>
      <div>
        {FORMATS.map(([format, name]) => (
          <a key={format} href={address(format)} download>
            {name}
          </a>
        ))}
        <a
          href={`/speedscope/#profileURL=${encodeURIComponent(address('speedscope'))}`}
          target="_blank"
          rel="noreferrer"
        >
          Open in speedscope ↗
        </a>
      </div>
    </details>
  );
}
