import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collector } from '../collector/server.ts';
import { SpoolFolder } from '../spool/spool-folder.ts';

/** What an app that has ended left for the collector: an end by Ctrl-C leaves no time to send. */
export class LastEnvelopes {
  readonly #spool: SpoolFolder;

  static async create(): Promise<LastEnvelopes> {
    return new LastEnvelopes(await mkdtemp(join(tmpdir(), 'next-profiling-run-')));
  }

  private constructor(folder: string) {
    this.#spool = new SpoolFolder(folder);
  }

  /** The folder to name to the app, as `NEXT_PROFILING_SPOOL_DIR`. */
  get folder(): string {
    return this.#spool.path;
  }

  /** Hands everything to the collector, as the app would have. */
  async deliver({ url, dsn }: Collector): Promise<void> {
    const endpoint = `${url}/api/1/envelope/?sentry_key=${new URL(dsn).username}`;
    for (let claimed = this.#spool.claim(); claimed; claimed = this.#spool.claim()) {
      await fetch(endpoint, { method: 'POST', body: new Uint8Array(claimed.bytes) });
      claimed.remove();
    }
  }

  async remove(): Promise<void> {
    await rm(this.#spool.path, { recursive: true, force: true });
  }
}
