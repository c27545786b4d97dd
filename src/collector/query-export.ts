import { tooDeepToExport } from '../errors.ts';
import { distinctStacks, framesInFull } from '../formats/stack-frames.ts';
import type { WeightedSamples, WeightName } from '../formats/weighted-samples.ts';
import { writeCpuProfile } from '../formats/write-cpuprofile.ts';
import { writePprof } from '../formats/write-pprof.ts';
import { writeSpeedscope } from '../formats/write-speedscope.ts';
import type { ProfileStore } from '../store/profile-store.ts';
import type { FrameColumns } from './api-profile-types.ts';
import type { Filter } from './filter.ts';
import { queryTimeline } from './query-timeline.ts';
import { queryTree } from './query-tree.ts';

export const FORMATS = ['speedscope', 'cpuprofile', 'pprof'] as const;
export type FormatName = (typeof FORMATS)[number];

/** A merged tree of more nodes is more than other viewers take. */
const MOST_NODES = 50_000;

/** What a file that holds each sample's stack in full can be made of; endless recursion is much more. */
const MOST_FRAMES = 50_000_000;

/** A file that another viewer can open. */
export interface ExportedProfile {
  /** Name of the file. */
  name: string;
  type: string;
  body: string | Uint8Array;
}

/**
 * The profile of one route, or, for `null`, of everything: in the order of time, or, where that is too much for one file,
 * merged. `null` if there is nothing. Rejects with `NP_STORE`, or `NP_EXPORT` for what the format cannot hold.
 */
export async function queryExport(
  store: ProfileStore,
  route: string | null,
  filter: Filter,
  format: FormatName,
  weight: WeightName = 'cpu',
): Promise<ExportedProfile | null> {
  const samples = await samplesOf(store, route, filter);
  if (samples === null) return null;
  const frames = framesIn(samples, format);
  if (frames > MOST_FRAMES) throw tooDeepToExport(format, frames, MOST_FRAMES);
  const name = `${samples.name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'profile'}`;
  const json = 'application/json; charset=utf-8';
  switch (format) {
    case 'speedscope':
      return { name: `${name}.speedscope.json`, type: json, body: writeSpeedscope(samples, weight) };
    case 'cpuprofile':
      return { name: `${name}.cpuprofile`, type: json, body: writeCpuProfile(samples, weight) };
    case 'pprof':
      return { name: `${name}.pb.gz`, type: 'application/octet-stream', body: writePprof(samples) };
  }
}

/** Of the stacks that the format holds in full: those of all samples, each different one, or none. */
function framesIn({ stacks, threads }: WeightedSamples, format: FormatName): number {
  if (format === 'cpuprofile') return 0;
  return framesInFull(stacks, format === 'pprof' ? threads.map(distinctStacks) : threads);
}

async function samplesOf(store: ProfileStore, route: string | null, filter: Filter): Promise<WeightedSamples | null> {
  const name = route ?? filter.traceId ?? filter.session ?? 'all routes';
  const timeline = await queryTimeline(store, route, filter);
  if (timeline.truncatedSamples === 0) {
    if (timeline.threads.length === 0) return null;
    const sessions = new Set(timeline.threads.map(({ session }) => session)).size;
    return {
      name,
      startMs: timeline.fromMs,
      functions: functionsOf(timeline.frames),
      stacks: timeline.stacks,
      threads: timeline.threads.map((thread) => ({
        name: sessions > 1 ? `${thread.name} (${thread.session.slice(0, 8)})` : thread.name,
        ...thread.samples,
      })),
    };
  }
  const tree = await queryTree(store, route, filter, MOST_NODES);
  if (tree === null) return null;
  const { nodes } = tree;
  return {
    name,
    startMs: tree.fromMs,
    functions: functionsOf(tree.frames),
    stacks: nodes,
    threads: [
      {
        name: 'merged',
        stack: [...nodes.parent.keys()],
        cpuMicros: nodes.selfCpuMicros,
        wallMicros: nodes.selfWallMicros,
        samples: nodes.samples,
      },
    ],
  };
}

const functionsOf = ({ name, kind, file, line, column }: FrameColumns) =>
  name.map((text, row) => ({
    name: text,
    kind: kind[row] ?? ('program' as const),
    file: file[row] ?? '',
    line: line[row] ?? 0,
    column: column[row] ?? 0,
  }));
