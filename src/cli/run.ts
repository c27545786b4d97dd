import { queryRoutes } from '../collector/query.ts';
import { reportRoutes } from '../collector/report.ts';
import { type Collector, startCollector } from '../collector/server.ts';
import { wrongUsage } from '../errors.ts';
import { runChild } from './child.ts';
import { type Command, KEEP_OPTIONS, MAPS_OPTION, STORE_OPTION, TRACES_LINK_OPTION } from './command.ts';
import { LastEnvelopes } from './last-envelopes.ts';
import { portOf, webAddressOf } from './option-values.ts';
import { packageVersion } from './package-version.ts';
import { pagesFolder } from './pages-folder.ts';
import { mapsOf, openReadableStore, symbolNote } from './readable-store.ts';
import { retentionOf } from './retention-of.ts';

/** How long the last profiles of an app that has ended may still take to be stored, milliseconds. */
const SETTLE_TIMEOUT_MS = 5_000;

export const run: Command = {
  name: 'run',
  usage: 'run [--port N] [--store STORE] [OPTION…] -- CMD…',
  summary: 'Start the collector, then CMD; print the route table when CMD ends',
  options: {
    port: { value: 'N', help: 'port of the collector on 127.0.0.1 (default: a free one)' },
    store: STORE_OPTION,
    ...KEEP_OPTIONS,
    maps: MAPS_OPTION,
    'sentry-url': TRACES_LINK_OPTION,
  },

  async run({ values, rest }) {
    const [command, ...args] = rest;
    if (command === undefined) throw wrongUsage('no command after --, like: -- next start', 'next-profiling run');
    const port = portOf(values, 'run') ?? 0;
    const sentryUrl = webAddressOf(values, 'sentry-url', 'run');
    const pages = pagesFolder();
    const retention = retentionOf(values, 'run');
    const { store, symbols } = await openReadableStore(values, mapsOf(rest));
    try {
      const startedMs = Date.now();
      const collector = await startCollector({
        store,
        symbols,
        version: packageVersion(),
        port,
        retention,
        ...(sentryUrl !== undefined && { sentryUrl }),
        ...(pages !== undefined && { pagesFolder: pages }),
      });
      const last = await LastEnvelopes.create();
      try {
        const exitCode = await runChild(command, args, environmentFor(collector, last));
        await last.deliver(collector);
        await collector.settled(SETTLE_TIMEOUT_MS);
        // Only this run: the file may hold earlier ones.
        const answer = await queryRoutes(store, { fromMs: startedMs, settled: true });
        process.stdout.write(`\n${reportRoutes(answer)}`);
        process.stderr.write(refusals(collector) + symbolNote(symbols));
        return exitCode;
      } finally {
        await last.remove();
        await collector.close();
      }
    } finally {
      await store.close();
    }
  },
};

/** One line on what was refused, for those who wonder what is missing in the table. */
function refusals({ counters }: Collector): string {
  const all = [...Object.entries(counters.refused), ...Object.entries(counters.refusedEnvelopes)];
  if (all.length === 0) return '';
  return `[next-profiling] refused, as Sentry would: ${all.map(([reason, number]) => `${number} × ${reason}`).join(', ')}\n`;
}

/** The child's environment. A DSN that the user set stays: then the profiles are meant for Sentry. */
function environmentFor({ url, dsn }: Collector, last: LastEnvelopes): NodeJS.ProcessEnv {
  const given = process.env.SENTRY_DSN;
  process.stderr.write(
    given
      ? `[next-profiling] collector at ${url}, but SENTRY_DSN is set, so profiles go there; unset it to keep them here\n`
      : `[next-profiling] collector at ${url}\n`,
  );
  return { ...process.env, ...(!given && { SENTRY_DSN: dsn, NEXT_PROFILING_SPOOL_DIR: last.folder }) };
}
