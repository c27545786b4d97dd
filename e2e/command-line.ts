import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { askUntil } from './ask-until.ts';
import { ROOT } from './package-tarball.ts';

const CLI = join(ROOT, 'dist', 'cli.js');

/** What `next-profiling` prints on stdout, run to its end in `cwd`. */
export async function commandLine(args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`next-profiling ${args.join(' ')} ended with ${code}`);
  return text;
}

/** A collector in a process of its own. */
export class CollectProcess {
  readonly #child: ChildProcess;
  readonly url: string;
  readonly dsn: string;

  static async start(store: string, maps: string, cwd: string): Promise<CollectProcess> {
    const args = [CLI, 'collect', '--port', '0', '--store', store, '--maps', maps];
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    for (;;) {
      const [, url, dsn] = /collecting at (\S+)[\s\S]*SENTRY_DSN=(\S+)\n/.exec(text) ?? [];
      if (url && dsn) return new CollectProcess(child, url, dsn);
      if (child.exitCode !== null) throw new Error(`the collector ended: ${text}`);
      await Promise.race([once(child.stderr, 'data'), once(child, 'exit')]);
    }
  }

  private constructor(child: ChildProcess, url: string, dsn: string) {
    this.#child = child;
    this.url = url;
    this.dsn = dsn;
  }

  /** Asks until the answer to `GET path` is as wanted, and returns it. */
  async until<T>(path: string, wanted: (answer: T) => boolean, timeoutMs = 30_000): Promise<T> {
    const ask = async () => {
      const response = await fetch(`${this.url}${path}`);
      return { isOk: response.ok, body: (await response.json()) as T };
    };
    const { body } = await askUntil(
      ask,
      (answer) => answer.isOk && wanted(answer.body),
      (last) => `${path} is still ${JSON.stringify(last.body).slice(0, 2_000)}`,
      timeoutMs,
    );
    return body;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}
