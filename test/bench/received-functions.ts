import { Profile } from 'pprof-format';
import { sampleWeights } from '../../src/profile/sample-weights.ts';
import type { ProfileChunk } from '../../src/profile/types.ts';
import type { Upload } from './receiver.ts';

/** A sample with a function anywhere on its stack, as the profile tells it. */
export interface Seen {
  readonly line: number;
  readonly file: string;
  readonly micros: number;
  /** Unix time, milliseconds; of none where the profile says no times. */
  readonly atMs?: number;
}

/** Every sample of an upload in which the named function ran. */
export function samplesOf(upload: Upload, functionName: string): Seen[] {
  if (upload.chunk) return ofChunk(upload.chunk, functionName);
  return upload.pprof ? ofPprof(Profile.decode(upload.pprof), functionName) : [];
}

function ofChunk({ profile }: ProfileChunk, functionName: string): Seen[] {
  const weights = sampleWeights(profile.samples);
  return profile.samples.flatMap((sample, index) => {
    const stack = (profile.stacks[sample.stack_id] ?? []).map((frame) => profile.frames[frame]);
    const frame = stack.find((each) => each?.function === functionName);
    if (frame === undefined) return [];
    const { lineno = 0, abs_path: file = '' } = frame;
    return { line: lineno, file, micros: weights[index] ?? 0, atMs: sample.timestamp * 1000 };
  });
}

function ofPprof(profile: Profile, functionName: string): Seen[] {
  const text = (index: number | bigint): string => profile.stringTable.strings[Number(index)] ?? '';
  const functions = new Map(profile.function.map((each) => [Number(each.id), each]));
  const locations = new Map(profile.location.map((each) => [Number(each.id), each]));
  const column = (type: string) => profile.sampleType.findIndex((each) => text(each.type) === type);
  // Wall time is what all have.
  const index = Math.max(column('wall'), 0);
  return profile.sample.flatMap(({ locationId, value, label }) => {
    const lines = locationId.flatMap((id) => locations.get(Number(id))?.line ?? []);
    const line = lines.find((each) => bare(text(functions.get(Number(each.functionId))?.name ?? 0)) === functionName);
    if (line === undefined) return [];
    const time = label.find(({ key }) => text(key) === 'end_timestamp_ns');
    return {
      line: Number(line.line),
      file: text(functions.get(Number(line.functionId))?.filename ?? 0),
      micros: Number(value[index] ?? 0) / 1000,
      ...(time && { atMs: Number(time.num) / 1e6 }),
    };
  });
}

/** Pyroscope writes the file before the name, and the line after it. */
const bare = (name: string): string => /([^:]+)(?::\d+)?$/.exec(name)?.[1] ?? name;
