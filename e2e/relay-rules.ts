/**
 * What Sentry's Relay demands of a `profile_chunk` payload, written from its rules and on purpose apart from the
 * collector's own check: two readings of the same rules must agree about what the engine sends.
 */

const ID = /^[0-9a-f]{32}$/;
const UNITS = ['nanosecond', 'ns', 'hertz', 'hz', 'byte', 'percent', 'nanojoule', 'nj'];
const IMAGE_TYPES = ['macho', 'symbolic', 'sourcemap', 'proguard', 'jvm'];
const MAX_SECONDS = 66;

// biome-ignore lint/suspicious/noExplicitAny: this is what arrived, and its shape is what is checked.
type Arrived = any;

/** Every rule that the chunk breaks, in words; empty where Relay would take all of it. */
export function brokenRules(header: Record<string, unknown>, chunk: Arrived): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, words: string): void => {
    if (!holds) broken.push(words);
  };

  rule(header.platform === 'node', `the item's header has platform ${header.platform}`);
  rule(chunk.platform === header.platform, `platform is ${chunk.platform}, the header says ${header.platform}`);
  rule(chunk.version === '2', `version is ${JSON.stringify(chunk.version)}`);
  rule(ID.test(chunk.chunk_id), `chunk_id is ${chunk.chunk_id}`);
  rule(ID.test(chunk.profiler_id), `profiler_id is ${chunk.profiler_id}`);
  rule(typeof chunk.client_sdk?.name === 'string', 'client_sdk has no name');
  rule(typeof chunk.client_sdk?.version === 'string', 'client_sdk has no version');
  rule(typeof chunk.release === 'string', `release is ${JSON.stringify(chunk.release)}`);
  for (const image of chunk.debug_meta?.images ?? []) {
    rule(IMAGE_TYPES.includes(image.type), `a debug image has type ${image.type}`);
    rule(typeof image.code_file === 'string' && typeof image.debug_id === 'string', 'a debug image is incomplete');
  }
  return [...broken, ...brokenProfileRules(chunk.profile ?? {}), ...brokenMeasurementRules(chunk.measurements ?? {})];
}

function brokenProfileRules({ samples, stacks, frames, thread_metadata }: Arrived): string[] {
  if (![samples, stacks, frames].every(Array.isArray)) return ['samples, stacks and frames are not all arrays'];
  const broken = new Set<string>();
  const busy = new Map<string, number>();
  for (const { timestamp, stack_id, thread_id } of samples) {
    if (!Number.isFinite(timestamp) || timestamp > 1e11) broken.add(`timestamp ${timestamp} is not in Unix seconds`);
    if (typeof thread_id !== 'string' || !/^\d+$/.test(thread_id))
      broken.add(`thread_id is ${JSON.stringify(thread_id)}`);
    if (!Array.isArray(stacks[stack_id])) broken.add(`stack_id ${stack_id} is out of range`);
    else if (stacks[stack_id].length > 0) busy.set(thread_id, (busy.get(thread_id) ?? 0) + 1);
    if (typeof thread_metadata?.[thread_id]?.name !== 'string') broken.add(`thread ${thread_id} has no name`);
  }
  if (![...busy.values()].some((count) => count > 1)) broken.add('no thread has two samples that are not idle');
  for (const frame of stacks.flat()) {
    if (!(frame in frames)) broken.add(`a stack names frame ${frame}, of ${frames.length}`);
  }
  for (const frame of frames) {
    if (typeof frame.in_app !== 'boolean') broken.add(`frame ${frame.function} does not say in_app`);
  }
  const times = samples.map((sample: Arrived) => sample.timestamp).sort((a: number, b: number) => a - b);
  if (times.at(-1) - times[0] > MAX_SECONDS) broken.add(`the samples span ${times.at(-1) - times[0]} s`);
  return [...broken];
}

function brokenMeasurementRules(measurements: Record<string, Arrived>): string[] {
  const broken = new Set<string>();
  for (const [name, { unit, values }] of Object.entries(measurements)) {
    if (!UNITS.includes(unit)) broken.add(`measurement ${name} has unit ${unit}`);
    for (const { timestamp, value } of values) {
      if (!Number.isFinite(timestamp) || timestamp > 1e11) broken.add(`${name} has timestamp ${timestamp}`);
      if (!Number.isFinite(value)) broken.add(`${name} has value ${value}`);
    }
  }
  return [...broken];
}
