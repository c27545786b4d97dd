import { PREFIX, ProfilingError } from '../errors.ts';
import { printable } from './text-table.ts';

/**
 * Tells whoever runs the collector what goes wrong on its side: an SDK that is answered 503 says nothing to anyone.
 * Each problem once, since every envelope after a full disk has the same.
 */
export class ProblemLog {
  readonly #write: (line: string) => void;
  readonly #seen = new Set<string>();

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  report(error: unknown): void {
    const known = error instanceof ProfilingError;
    const text = known ? error.message : `${PREFIX} internal error of the collector: ${traceOf(error)}`;
    this.#once(text, text);
  }

  /** Tells the first of a kind of problem; the others differ in detail only. */
  note(kind: string, text: string): void {
    this.#once(kind, `${PREFIX} ${printable(text)}`);
  }

  #once(key: string, text: string): void {
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#write(`${text}\n`);
  }
}

const traceOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
