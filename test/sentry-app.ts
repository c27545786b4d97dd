import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ProfilingStatus } from '../src/engine.ts';

const require = createRequire(import.meta.url);

/** The SDKs that we promise to work with. */
export const SDKS = { 'Sentry 11.1.0': '@sentry/nextjs', 'Sentry 10.75.3': 'sentry-nextjs-10' } as const;

export interface AppOptions {
  sdk?: string;
  dsn?: string;
  init?: Record<string, unknown>;
  profiling?: unknown;
  env?: Record<string, string>;
  nodeBinary?: string;
  execArgv?: string[];
  /** Where the app is, if it is a copy beside another installed package. */
  folder?: string;
}

/** A child process with a Sentry SDK and the built package in it (`test/fixtures/sentry-app.mjs`). */
export class SentryApp {
  readonly #child: ChildProcess;
  #stderr = '';

  static async start(options: AppOptions): Promise<SentryApp> {
    const app = new SentryApp(options);
    await Promise.race([once(app.#child, 'message'), app.ended()]);
    if (app.#child.exitCode !== null) throw new Error(`the app did not start: ${app.#stderr}`);
    return app;
  }

  private constructor(options: AppOptions) {
    this.#child = fork(join(options.folder ?? join(import.meta.dirname, 'fixtures'), 'sentry-app.mjs'), [], {
      silent: true,
      execArgv: options.execArgv ?? [],
      ...(options.nodeBinary && { execPath: options.nodeBinary }),
      env: {
        PATH: process.env.PATH,
        NODE_ENV: process.env.NODE_ENV,
        SDK: require.resolve(options.sdk ?? '@sentry/nextjs'),
        INIT: JSON.stringify(options.init ?? {}),
        // Without a DSN the SDK sets up nothing. Nothing listens on this one.
        DSN: options.dsn ?? 'http://public@127.0.0.1:9/1',
        ...(options.profiling !== undefined && { PROFILING: JSON.stringify(options.profiling) }),
        ...options.env,
      },
    });
    this.#child.stderr?.on('data', (text) => (this.#stderr += text));
    this.#child.stdout?.on('data', (text) => (this.#stderr += text));
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** What the app printed. */
  get output(): string {
    return this.#stderr;
  }

  /** Lines that we printed. */
  get ourLines(): string[] {
    return this.#stderr.split('\n').filter((line) => line.includes('[next-profiling]'));
  }

  // biome-ignore lint/suspicious/noExplicitAny: each call of the fixture returns its own type.
  async call(call: string, ...args: unknown[]): Promise<any> {
    this.#child.send({ call, args });
    const waiting = new AbortController();
    const { signal } = waiting;
    const ended = once(this.#child, 'exit', { signal }).then(([code, by]) => {
      throw new Error(`the app ended during ${call} with ${by ?? `code ${code}`}: ${this.#stderr}`);
    });
    const answered = once(this.#child, 'message', { signal });
    const [{ result, error }] = await Promise.race([answered, ended]).finally(() => waiting.abort());
    if (error) throw new Error(error);
    return result;
  }

  status(): Promise<ProfilingStatus> {
    return this.call('status');
  }

  /** Sends a call that ends the process, or a signal, and says how it ended. */
  async endBy(how: { call: string; args?: unknown[] } | { signal: NodeJS.Signals }): Promise<string> {
    const ended = this.ended();
    if ('signal' in how) this.#child.kill(how.signal);
    else this.#child.send({ call: how.call, args: how.args ?? [] });
    return ended;
  }

  async ended(): Promise<string> {
    const [code, signal] = await once(this.#child, 'exit');
    return signal ?? `code ${code}`;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = this.ended();
    this.#child.kill('SIGKILL');
    await ended;
  }
}
