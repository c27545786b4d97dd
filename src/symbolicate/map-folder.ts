import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MapProblem } from './map-problem.ts';

/** A server chunk's map is a few megabytes at most; reading a hundred times that would take the memory of the reader. */
const LARGEST_BYTES = 64 * 1024 * 1024;

/** UUIDs, with hyphens or without. Whatever else a chunk calls a debug id must not become part of a path. */
const DEBUG_ID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/;

/** Source maps as a build kept them: `<debug id>.map`, each. */
export class MapFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async has(debugId: string): Promise<boolean> {
    if (!DEBUG_ID.test(debugId)) return false;
    return (await stat(join(this.path, `${debugId}.map`)).catch(() => undefined))?.isFile() ?? false;
  }

  /** The text of a map. Rejects with a `MapProblem`. */
  async read(debugId: string): Promise<string> {
    if (!DEBUG_ID.test(debugId)) throw new MapProblem('the debug id is no UUID');
    const file = join(this.path, `${debugId}.map`);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) throw new MapProblem('no source map of that debug id');
    if (found.size > LARGEST_BYTES) throw new MapProblem(`the source map is too large (${found.size} bytes)`);
    return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new MapProblem(`the source map cannot be read (${error.code})`);
    });
  }
}
