import { arrayAt, FieldError, type Fields, finiteAt, idAt, objectAt, optional, shown, stringAt } from './fields.ts';
import { parseChunk } from './parse-chunk.ts';
import { parseJson } from './parse-json.ts';
import { type ChunkVerdict, checkSamples, refused } from './validate-chunk.ts';

const MAX_SECONDS = 30;

/** It is another payload already. */
const nobody = () => {};

/** What cocoa profiles must say besides; Relay refuses them otherwise. */
const COCOA_DEVICE = ['is_emulator', 'locale', 'manufacturer', 'model'] as const;

/**
 * Says whether Sentry would take this `profile` item, sample format v1: the profile of one transaction. Returns it as a chunk
 * of a session of its own, whose id is the profile's, with `transaction` as its name. Rules and reasons are Relay's.
 * https://develop.sentry.dev/sdk/telemetry/profiles/sample-format-v1/
 *
 * @param json the item's payload
 */
export function validateTransactionProfile(json: string): ChunkVerdict & { transaction?: string } {
  try {
    const payload = objectAt(parseJson(json), 'payload');
    if (payload.version !== '1') {
      return refused('profiling_platform_not_supported', `version must be '1', found ${shown(payload.version)}`);
    }
    const problem = metadataProblem(payload);
    if (problem !== undefined) return refused('profiling_invalid_profile_metadata', problem);
    const found = payload.transaction ?? optional(payload.transactions, 'transactions', arrayAt)?.[0];
    if (found === undefined || found === null) {
      return refused('profiling_no_transaction_associated', 'the profile names no transaction');
    }
    const transaction = objectAt(found, 'transaction');
    if (!transaction.id || !transaction.name || !transaction.trace_id) {
      return refused('profiling_invalid_transaction_metadata', 'the transaction needs id, name and trace_id');
    }
    const name = stringAt(transaction.name, 'transaction.name');
    const verdict = checkSamples(parseChunk(asChunk(payload), nobody), nobody, MAX_SECONDS);
    return verdict.ok ? { ...verdict, transaction: name } : verdict;
  } catch (error) {
    if (error instanceof FieldError || error instanceof SyntaxError) {
      return refused('profiling_invalid_json', error.message);
    }
    throw error;
  }
}

function metadataProblem({ platform, device, os }: Fields): string | undefined {
  stringAt(objectAt(device, 'device').architecture, 'device.architecture');
  for (const name of ['name', 'version']) stringAt(objectAt(os, 'os')[name], `os.${name}`);
  if (platform !== 'cocoa') return undefined;
  const missing = COCOA_DEVICE.filter((name) => (device as Fields)[name] == null);
  if ((os as Fields).build_number == null) missing.push('build_number' as never);
  return missing.length === 0 ? undefined : `a cocoa profile needs ${missing.join(', ')}`;
}

/** The payload in the terms of sample format v2. */
function asChunk(payload: Fields): Fields {
  const id = idAt(payload.event_id ?? payload.profile_id, 'event_id');
  const timestamp = stringAt(payload.timestamp, 'timestamp');
  const startSeconds = Date.parse(timestamp) / 1e3;
  if (!Number.isFinite(startSeconds))
    throw new FieldError(`timestamp must be RFC 3339, found '${timestamp.slice(0, 40)}'`);
  const seconds = (nanoseconds: number) => startSeconds + nanoseconds / 1e9;
  const profile = objectAt(payload.profile, 'profile');
  const samples = arrayAt(profile.samples, 'profile.samples').map((item, index) => {
    const at = `profile.samples[${index}]`;
    const { stack_id, thread_id, elapsed_since_start_ns } = objectAt(item, at);
    return {
      stack_id,
      thread_id: String(wholeAt(thread_id, `${at}.thread_id`)),
      timestamp: seconds(wholeAt(elapsed_since_start_ns, `${at}.elapsed_since_start_ns`)),
    };
  });
  const measurements = Object.entries(optional(payload.measurements, 'measurements', objectAt) ?? {}).map(
    ([name, series]) => {
      const { unit, values } = objectAt(series, `measurements.${name}`);
      const points = arrayAt(values, `measurements.${name}.values`).map((item) => {
        const { elapsed_since_start_ns, value } = objectAt(item, `measurements.${name}.values[]`);
        return { timestamp: seconds(wholeAt(elapsed_since_start_ns, 'elapsed_since_start_ns')), value };
      });
      return [name, { unit, values: points }];
    },
  );
  const { platform, release, environment, debug_meta, client_sdk } = payload;
  return {
    version: '2',
    chunk_id: id,
    profiler_id: id,
    platform,
    release,
    environment,
    client_sdk,
    debug_meta,
    measurements: Object.fromEntries(measurements),
    profile: { ...profile, samples: withoutIdleEdges(samples, arrayAt(profile.stacks, 'profile.stacks')) },
  };
}

/** Each thread's samples from its first at work to its last. */
function withoutIdleEdges<T extends { stack_id: unknown; thread_id: string }>(samples: T[], stacks: unknown[]): T[] {
  const busy = new Map<string, [first: number, last: number]>();
  for (const [index, { stack_id, thread_id }] of samples.entries()) {
    const stack = stacks[stack_id as number];
    if (!Array.isArray(stack) || stack.length === 0) continue;
    busy.set(thread_id, [busy.get(thread_id)?.[0] ?? index, index]);
  }
  return samples.filter(({ thread_id }, index) => {
    const [first, last] = busy.get(thread_id) ?? [1, 0];
    return index >= first && index <= last;
  });
}

/** A whole number, or the text of one: both are on the wire. */
function wholeAt(value: unknown, path: string): number {
  const number = typeof value === 'string' && /^\d{1,20}$/.test(value) ? Number(value) : finiteAt(value, path);
  if (number < 0) throw new FieldError(`${path} must not be negative, found ${number}`);
  return number;
}
