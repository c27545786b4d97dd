/**
 * Reads fields of parsed JSON strictly. `path` says where in the payload a value stood, for the message.
 * An absent optional field and one that is `null` are the same, as they are for Relay.
 */

/** A value is not of the type that the sample format demands. The message names the place and what was found. */
export class FieldError extends Error {}

export type Fields = Record<string, unknown>;

/** The end of what a double can hold in exact microseconds; a time in milliseconds is beyond it. */
export const MAX_SECONDS = 9e9;

const kindOf = (value: unknown): string =>
  value === undefined ? 'missing' : value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;

function refuse(path: string, wanted: string, found: unknown): never {
  const shown = typeof found === 'number' ? `the number ${found}` : kindOf(found);
  throw new FieldError(`${path} must be ${wanted}, found ${shown}`);
}

export function objectAt(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, 'an object', value);
  return value as Fields;
}

export function arrayAt(value: unknown, path: string): unknown[] {
  return Array.isArray(value) ? value : refuse(path, 'an array', value);
}

export function stringAt(value: unknown, path: string): string {
  return typeof value === 'string' ? value : refuse(path, 'a string', value);
}

export function finiteAt(value: unknown, path: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(path, 'a finite number', value);
}

export const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export function indexAt(value: unknown, path: string): number {
  return isIndex(value) ? value : refuse(path, 'an index', value);
}

/** An id as 32 lower-case hexadecimal digits; dashes and capitals are accepted, as Relay accepts them. */
export function idAt(value: unknown, path: string): string {
  const id = stringAt(value, path).toLowerCase();
  const bare = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id.replaceAll('-', '') : id;
  if (!/^[0-9a-f]{32}$/.test(bare)) throw new FieldError(`${path} must be 32 hexadecimal digits, found ${show(id)}`);
  return bare;
}

/** A span's id: 16 hexadecimal digits, returned in lower case. */
export function spanIdAt(value: unknown, path: string): string {
  const id = stringAt(value, path).toLowerCase();
  if (!/^[0-9a-f]{16}$/.test(id)) throw new FieldError(`${path} must be 16 hexadecimal digits, found ${show(id)}`);
  return id;
}

/** The value, or `undefined` if the field is absent or `null`. */
export function optional<T>(value: unknown, path: string, read: (value: unknown, path: string) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value, path);
}

/** What was found, for a message; anybody may have sent whatever. */
export const shown = (value: unknown): string => String(JSON.stringify(value)).slice(0, 60);

const show = (text: string): string => `'${text.slice(0, 40)}${text.length > 40 ? '…' : ''}'`;
