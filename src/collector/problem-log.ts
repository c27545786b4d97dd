import { PREFIX, ProfilingError } from '../errors.ts';

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
    if (this.#seen.has(text)) return;
    this.#seen.add(text);
    this.#write(`${text}\n`);
  }
}

const traceOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
