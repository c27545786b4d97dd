import { dropBrokenAttribution, keepInStep } from './chunk-extension.ts';
import { FieldError, MAX_SECONDS, objectAt, shown } from './fields.ts';
import { type OnChange, parseChunk } from './parse-chunk.ts';
import { parseJson } from './parse-json.ts';
import { repairMeasurements } from './repair-measurements.ts';
import type { ProfileChunk, Sample } from './types.ts';

/** Why Relay refuses a chunk, in Relay's words. */
export type ChunkRefusal =
  | 'profiling_invalid_json'
  | 'profiling_platform_not_supported'
  | 'profiling_invalid_profile_type'
  | 'profiling_invalid_profile_metadata'
  | 'profiling_no_transaction_associated'
  | 'profiling_invalid_transaction_metadata'
  | 'profiling_not_enough_samples'
  | 'profiling_malformed_samples'
  | 'profiling_malformed_stacks'
  | 'profiling_duration_is_too_long';

export type ChunkVerdict =
  | {
      ok: true;
      chunk: ProfileChunk;
      droppedSamples: number;
      repairedMeasurements: number;
      /** Why the chunk's attribution was dropped: it does not fit its samples. */
      brokenAttribution?: string;
      /** Nothing was changed: the payload's own text says the same. */
      isAsSent: boolean;
    }
  | { ok: false; reason: ChunkRefusal; detail: string };

/** 60 s, the longest chunk that the format allows, and a tenth for timers that run late. */
const MAX_DURATION_SECONDS = 66;

export const refused = (reason: ChunkRefusal, detail: string): ChunkVerdict => ({ ok: false, reason, detail });

/**
 * Says whether Sentry would take this payload, by the rules of Relay and in their order, and returns what Relay would
 * pass on: samples sorted, threads with fewer than two busy samples and metadata of unused threads removed. Unlike Relay
 * it keeps unknown keys, and it repairs the measurement timestamps of Sentry's Node SDK. What `next_profiling` says of each
 * sample stays with its sample; if it does not fit, it is removed and the chunk is taken without it.
 *
 * @param json the item's payload
 * @param headerPlatform `platform` of the item's header; the oldest producers send none
 */
export function validateChunk(json: string, headerPlatform?: string): ChunkVerdict {
  let chunk: ProfileChunk;
  let isAsSent = true;
  const onChange = () => {
    isAsSent = false;
  };
  try {
    const payload = objectAt(parseJson(json), 'payload');
    if (payload.version !== '2') {
      return refused('profiling_platform_not_supported', `version must be '2', found ${shown(payload.version)}`);
    }
    chunk = parseChunk(payload, onChange);
  } catch (error) {
    if (error instanceof FieldError || error instanceof SyntaxError) {
      return refused('profiling_invalid_json', error.message);
    }
    throw error;
  }
  if (headerPlatform !== undefined && headerPlatform !== chunk.platform) {
    const detail = `the item's header says platform '${headerPlatform}', its payload '${chunk.platform}'`;
    return refused('profiling_invalid_profile_type', detail);
  }
  const verdict = checkSamples(chunk, onChange);
  return verdict.ok ? { ...verdict, isAsSent } : verdict;
}

/** The part of the rules that is about samples; both formats share it. Changes the chunk as `validateChunk` says. */
export function checkSamples(chunk: ProfileChunk, onChange: OnChange, maxSeconds = MAX_DURATION_SECONDS): ChunkVerdict {
  const { profile } = chunk;
  const kept = withoutSparseThreads(chunk);
  const droppedSamples = profile.samples.length - kept.length;
  if (kept.length === 0) {
    const detail = `no thread has two busy samples (${profile.samples.length} samples in all)`;
    return refused('profiling_not_enough_samples', detail);
  }
  const stackCount = profile.stacks.length;
  const stray = kept.find(({ sample }) => sample.stack_id >= stackCount)?.sample;
  if (stray !== undefined) {
    const detail = `stack_id ${stray.stack_id} is out of range, the chunk has ${stackCount} stacks`;
    return refused('profiling_malformed_samples', detail);
  }
  for (const [index, stack] of profile.stacks.entries()) {
    const frame = stack.find((candidate) => candidate >= profile.frames.length);
    if (frame === undefined) continue;
    const detail = `stacks[${index}] names frame ${frame}, the chunk has ${profile.frames.length} frames`;
    return refused('profiling_malformed_stacks', detail);
  }
  kept.sort((a, b) => a.sample.timestamp - b.sample.timestamp);
  const samples = kept.map(({ sample }) => sample);
  if (samples.some((sample, index) => sample !== profile.samples[index]) || droppedSamples > 0) onChange();
  const [first, last] = [samples[0]?.timestamp ?? 0, samples.at(-1)?.timestamp ?? 0];
  // Relay would take these, but no store can hold them, nor any question name them.
  const noTime = [first, last].find((timestamp) => !(timestamp > 0 && timestamp < MAX_SECONDS));
  if (noTime !== undefined) {
    return refused('profiling_malformed_samples', `timestamps must be Unix seconds, found ${noTime}`);
  }
  const seconds = last - first;
  if (seconds > maxSeconds) {
    const detail = `the samples span ${seconds.toFixed(3)} s, at most ${maxSeconds} s are allowed`;
    return refused('profiling_duration_is_too_long', detail);
  }
  const brokenAttribution = dropBrokenAttribution(chunk, onChange);
  keepInStep(
    chunk,
    kept.map(({ index }) => index),
  );
  profile.samples = samples;
  const threads = new Set(samples.map((sample) => sample.thread_id));
  for (const thread of Object.keys(profile.thread_metadata)) {
    if (threads.has(thread)) continue;
    delete profile.thread_metadata[thread];
    onChange();
  }
  const repairedMeasurements = repairMeasurements(chunk);
  if (repairedMeasurements > 0) onChange();
  const verdict = { ok: true, chunk, droppedSamples, repairedMeasurements, isAsSent: false } as const;
  return brokenAttribution === undefined ? verdict : { ...verdict, brokenAttribution };
}

/** One busy sample has no duration, so a thread needs two to say anything. `index` is where the sample stood. */
function withoutSparseThreads({ profile }: ProfileChunk): { sample: Sample; index: number }[] {
  const busy = new Map<string, number>();
  for (const { stack_id, thread_id } of profile.samples) {
    if (profile.stacks[stack_id]?.length !== 0) busy.set(thread_id, (busy.get(thread_id) ?? 0) + 1);
  }
  return profile.samples
    .map((sample, index) => ({ sample, index }))
    .filter(({ sample }) => (busy.get(sample.thread_id) ?? 0) > 1);
}
