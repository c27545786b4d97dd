import {
  arrayAt,
  FieldError,
  type Fields,
  finiteAt,
  idAt,
  indexAt,
  isIndex,
  objectAt,
  optional,
  stringAt,
} from './fields.ts';
import type { ProfileChunk } from './types.ts';

/** Relay reads images into an enumeration: one unknown type fails the whole chunk. */
const IMAGE_TYPES = ['macho', 'symbolic', 'sourcemap', 'proguard', 'jvm'];

/** Sentry accepts these spellings of a frame's fields too. */
const FRAME_ALIASES = [
  ['name', 'function'],
  ['file', 'filename'],
  ['line', 'lineno'],
  ['column', 'colno'],
] as const;

/**
 * Checks the shape of a parsed v2 payload and returns it typed, its own object changed in place: ids normalised, frame
 * aliases renamed, `null` fields removed. Keys that we do not know stay, so that nothing a producer sent is lost.
 * Throws a `FieldError` at the first wrong field. Indexes are checked for their type only, not for their range.
 */
export function parseChunk(value: unknown): ProfileChunk {
  const chunk = objectAt(value, 'payload');
  chunk.chunk_id = idAt(chunk.chunk_id, 'chunk_id');
  chunk.profiler_id = idAt(chunk.profiler_id, 'profiler_id');
  stringAt(chunk.platform, 'platform');
  for (const field of ['release', 'environment']) keep(chunk, field, field, stringAt);
  keep(chunk, 'client_sdk', 'client_sdk', (sdk, path) => {
    const { name, version } = objectAt(sdk, path);
    stringAt(name, `${path}.name`);
    stringAt(version, `${path}.version`);
    return sdk;
  });
  keep(chunk, 'debug_meta', 'debug_meta', debugMetaAt);
  keep(chunk, 'measurements', 'measurements', measurementsAt);
  profileAt(chunk.profile, 'profile');
  return chunk as unknown as ProfileChunk;
}

/** Reads an optional field in place; removes one that is `null`. */
function keep(owner: Fields, field: string, path: string, read: (value: unknown, path: string) => unknown): void {
  const value = optional(owner[field], path, read);
  if (value === undefined) delete owner[field];
  else owner[field] = value;
}

function profileAt(value: unknown, path: string): void {
  const profile = objectAt(value, path);
  arrayAt(profile.samples, `${path}.samples`).forEach((item, index) => {
    // There are thousands, almost always right: only what is not needs a name.
    if (isSample(item)) return;
    const at = `${path}.samples[${index}]`;
    const sample = objectAt(item, at);
    finiteAt(sample.timestamp, `${at}.timestamp`);
    indexAt(sample.stack_id, `${at}.stack_id`);
    stringAt(sample.thread_id, `${at}.thread_id`);
  });
  arrayAt(profile.stacks, `${path}.stacks`).forEach((stack, index) => {
    if (Array.isArray(stack) && stack.every(isIndex)) return;
    const at = `${path}.stacks[${index}]`;
    for (const frame of arrayAt(stack, at)) indexAt(frame, `${at}[]`);
  });
  arrayAt(profile.frames, `${path}.frames`).forEach((frame, index) => {
    frameAt(frame, `${path}.frames[${index}]`);
  });
  keep(profile, 'thread_metadata', `${path}.thread_metadata`, threadMetadataAt);
  profile.thread_metadata ??= {};
}

function isSample(item: unknown): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const { timestamp, stack_id, thread_id } = item as Fields;
  return Number.isFinite(timestamp) && isIndex(stack_id) && typeof thread_id === 'string';
}

function frameAt(value: unknown, path: string): void {
  const frame = objectAt(value, path);
  for (const [alias, field] of FRAME_ALIASES) {
    if (frame[alias] === undefined) continue;
    frame[field] ??= frame[alias];
    delete frame[alias];
  }
  for (const field of ['function', 'filename', 'abs_path', 'module']) keep(frame, field, `${path}.${field}`, stringAt);
  for (const field of ['lineno', 'colno']) keep(frame, field, `${path}.${field}`, indexAt);
  keep(frame, 'in_app', `${path}.in_app`, (flag, at) => {
    if (typeof flag !== 'boolean') throw new FieldError(`${at} must be a boolean, found a ${typeof flag}`);
    return flag;
  });
}

function threadMetadataAt(value: unknown, path: string): unknown {
  for (const [thread, metadata] of Object.entries(objectAt(value, path))) {
    const at = `${path}['${thread}']`;
    const fields = objectAt(metadata, at);
    keep(fields, 'name', `${at}.name`, stringAt);
    keep(fields, 'priority', `${at}.priority`, indexAt);
  }
  return value;
}

function debugMetaAt(value: unknown, path: string): unknown {
  const meta = objectAt(value, path);
  meta.images = optional(meta.images, `${path}.images`, arrayAt) ?? [];
  (meta.images as unknown[]).forEach((item, index) => {
    const image = objectAt(item, `${path}.images[${index}]`);
    for (const field of ['code_file', 'debug_id']) keep(image, field, `${path}.images[${index}].${field}`, stringAt);
    const at = `${path}.images[${index}].type`;
    const type = stringAt(image.type, at);
    if (!IMAGE_TYPES.includes(type)) {
      throw new FieldError(`${at} must be one of ${IMAGE_TYPES.join(', ')}, found '${type.slice(0, 40)}'`);
    }
  });
  return meta;
}

function measurementsAt(value: unknown, path: string): unknown {
  for (const [name, series] of Object.entries(objectAt(value, path))) {
    const at = `${path}.${name}`;
    const { unit, values } = objectAt(series, at);
    stringAt(unit, `${at}.unit`);
    arrayAt(values, `${at}.values`).forEach((item, index) => {
      const point = objectAt(item, `${at}.values[${index}]`);
      finiteAt(point.timestamp, `${at}.values[${index}].timestamp`);
      finiteAt(point.value, `${at}.values[${index}].value`);
    });
  }
  return value;
}
