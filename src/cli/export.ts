import { writeFileSync } from 'node:fs';
import { FORMATS, queryExport } from '../collector/query-export.ts';
import { cannotWrite, wrongUsage } from '../errors.ts';
import { WEIGHTS } from '../formats/weighted-samples.ts';
import { type Command, MAPS_OPTION, STORE_OPTION } from './command.ts';
import { durationMsOf, hexOf, oneOf, textOf } from './option-values.ts';
import { openRecordedStore, symbolNote } from './readable-store.ts';

export const exportProfile: Command = {
  name: 'export',
  usage: 'export --format F [--route R] [--session ID] [--trace ID] [OPTION…]',
  summary: 'Write a profile for another viewer: speedscope, Chrome DevTools, or go tool pprof',
  options: {
    format: { value: 'F', help: 'speedscope, cpuprofile or pprof' },
    route: { value: 'R', help: 'only this route, like /blog/[slug]' },
    session: { value: 'ID', help: 'only this profiler session' },
    trace: { value: 'ID', help: 'only this trace' },
    release: { value: 'NAME', help: 'only this release' },
    since: { value: 'AGE', help: 'only what is younger than this: 90s, 10m, 2h, 1d (default: everything)' },
    weight: { value: 'W', help: 'cpu or wall time (default cpu); pprof has both' },
    output: {
      value: 'FILE',
      help: 'where to write it, - for stdout (default: a name that is printed)',
    },
    store: STORE_OPTION,
    maps: MAPS_OPTION,
  },

  async run({ values }) {
    const format = oneOf(values, 'format', FORMATS, 'export');
    if (format === undefined) throw wrongUsage(`--format is missing: ${FORMATS.join(', ')}`, 'next-profiling export');
    const weight = oneOf(values, 'weight', WEIGHTS, 'export');
    const sinceMs = durationMsOf(values, 'since', 'export');
    const [session, traceId] = [hexOf(values, 'session', 32, 'export'), hexOf(values, 'trace', 32, 'export')];
    const release = textOf(values, 'release');
    const filter = {
      ...(sinceMs !== undefined && { fromMs: Date.now() - sinceMs }),
      ...(session !== undefined && { session }),
      ...(traceId !== undefined && { traceId }),
      ...(release !== undefined && { release }),
    };
    const { store, symbols } = await openRecordedStore(values);
    try {
      const profile = await queryExport(store, textOf(values, 'route') ?? null, filter, format, weight);
      if (profile === null) {
        process.stderr.write('[next-profiling] no sample of what was asked for is stored\n');
        return 1;
      }
      const output = textOf(values, 'output') ?? profile.name;
      if (output === '-') process.stdout.write(profile.body);
      else {
        write(output, profile.body);
        process.stdout.write(`${output}\n`);
      }
      process.stderr.write(symbolNote(symbols));
      return 0;
    } finally {
      await store.close();
    }
  },
};

function write(file: string, body: string | Uint8Array): void {
  try {
    writeFileSync(file, body);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}
