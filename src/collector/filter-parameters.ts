import { FieldError, idAt, spanIdAt } from '../profile/fields.ts';
import { HttpError } from './answers.ts';
import type { Filter } from './filter.ts';

/** Reads what narrows a question down from its URL. `route` is each endpoint's own. Throws an `HttpError`. */
export function filterOf({ searchParams }: URL): Filter {
  const filter: Filter = {};
  const read = <T>(name: string, take: (text: string) => T, set: (value: T) => void) => {
    const text = searchParams.get(name);
    if (text !== null) set(take(text));
  };
  read(
    'from',
    (text) => millisecondsAt(text, 'from'),
    (value) => {
      filter.fromMs = value;
    },
  );
  read(
    'to',
    (text) => millisecondsAt(text, 'to'),
    (value) => {
      filter.toMs = value;
    },
  );
  read('release', String, (value) => {
    filter.release = value;
  });
  read('environment', String, (value) => {
    filter.environment = value;
  });
  read('session', idOf('session', idAt), (value) => {
    filter.session = value;
  });
  read('thread', String, (value) => {
    filter.threadId = value;
  });
  read('trace', idOf('trace', idAt), (value) => {
    filter.traceId = value;
  });
  read('span', idOf('span', spanIdAt), (value) => {
    filter.spanId = value;
  });
  return filter;
}

/** A whole number of the URL; `most` if it is not there. */
export function wholeOf({ searchParams }: URL, name: string, least: number, most: number, usual = most): number {
  const text = searchParams.get(name);
  if (text === null) return usual;
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < least || value > most) {
    throw new HttpError(400, `${name} must be a whole number from ${least} to ${most}, found '${text.slice(0, 40)}'`);
  }
  return value;
}

/** One of a few words of the URL; the first if it is not there. */
export function wordOf<T extends string>({ searchParams }: URL, name: string, words: readonly [T, ...T[]]): T {
  const text = searchParams.get(name) ?? words[0];
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw new HttpError(400, `${name} must be ${words.join(', ')}, found '${text.slice(0, 40)}'`);
  return word;
}

function millisecondsAt(text: string, name: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 8.64e12)) {
    throw new HttpError(400, `${name} must be milliseconds since 1970, found '${text.slice(0, 40)}'`);
  }
  return value;
}

function idOf(name: string, idAt: (value: unknown, path: string) => string): (text: string) => string {
  return (text) => {
    try {
      return idAt(text, name);
    } catch (error) {
      throw error instanceof FieldError ? new HttpError(400, error.message) : error;
    }
  };
}
