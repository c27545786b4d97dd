import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { binaryName } from '../../native/binary.ts';
import { hostTarget } from '../../native/target.ts';
import type { ProfilingStatus } from '../../src/engine.ts';

const require = createRequire(import.meta.url);
const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

/** The addon that was built, which has an exact clock of a thread's CPU time. */
export const THREAD_CLOCK = join(import.meta.dirname, '..', '..', 'prebuilds', binaryName(hostTarget()));

const nodeOf = (nextjs: string): string =>
  require.resolve('@sentry/node', { paths: [dirname(require.resolve(nextjs))] });

/** Sentry's SDKs for plain Node, of the versions that we promise to work with. */
export const NODE_SDKS = {
  'Sentry 11.1.0': nodeOf('@sentry/nextjs'),
  'Sentry 10.75.3': nodeOf('sentry-nextjs-10'),
} as const;

export interface BurningAppOptions {
  dsn: string;
  sdk?: string;
  init?: Record<string, unknown>;
  profiling?: Record<string, unknown>;
  /** A file of `test/fixtures`: who else is in the process. */
  company?: string;
  env?: Record<string, string>;
  nodeBinary?: string;
  execArgv?: string[];
}

/** A child process that serves the burning routes under a Sentry SDK (`test/fixtures/attribution-app.mjs`). */
export class BurningApp {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown[]>;
  #output = '';
  #port = 0;

  static async start(options: BurningAppOptions): Promise<BurningApp> {
    const app = new BurningApp(options);
    const [message] = await Promise.race([once(app.#child, 'message'), app.#ended]);
    if (typeof message?.port !== 'number') throw new Error(`the app did not start: ${app.#output}`);
    app.#port = message.port;
    return app;
  }

  private constructor(options: BurningAppOptions) {
    const init = { tracesSampleRate: 1, profileSessionSampleRate: 1, profileLifecycle: 'trace', ...options.init };
    this.#child = fork(join(FIXTURES, 'attribution-app.mjs'), [], {
      silent: true,
      execArgv: options.execArgv ?? [],
      ...(options.nodeBinary && { execPath: options.nodeBinary }),
      env: {
        PATH: process.env.PATH,
        NODE_ENV: process.env.NODE_ENV,
        SDK: options.sdk ?? NODE_SDKS['Sentry 11.1.0'],
        INIT: JSON.stringify(init),
        DSN: options.dsn,
        THREAD_CLOCK,
        PROFILING: JSON.stringify(options.profiling ?? {}),
        ...(options.company && { COMPANY: join(FIXTURES, options.company) }),
        ...options.env,
      },
    });
    this.#ended = once(this.#child, 'exit');
    this.#child.stderr?.on('data', (text) => (this.#output += text));
    this.#child.stdout?.on('data', (text) => (this.#output += text));
  }

  /** What the app printed. */
  get output(): string {
    return this.#output;
  }

  // biome-ignore lint/suspicious/noExplicitAny: each call of the fixture returns its own type.
  async call(call: string, ...args: unknown[]): Promise<any> {
    this.#child.send({ call, args });
    const [message, signal] = await Promise.race([once(this.#child, 'message'), this.#ended]);
    if (message === null || typeof message === 'number') {
      throw new Error(`the app ended with ${signal ?? message} during ${call}:\n${this.#output.slice(-4000)}`);
    }
    if (message.error) throw new Error(message.error);
    return message.result;
  }

  status(): Promise<ProfilingStatus> {
    return this.call('status');
  }

  /** Microseconds of CPU that each burner used, by the clock of the thread and by that of the process. */
  burned(): Promise<Record<'thread' | 'process', Record<string, number>>> {
    return this.call('burned');
  }

  /** Asks for `/a`, `/b` and `/c` so often each, `together` at a time, over connections that are kept. */
  async load(rounds: number, together = 32): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: together });
    const ask = (path: string) => answerOf(`http://127.0.0.1:${this.#port}${path}`, agent);
    await loadRoutes(ask, ['/a', '/b', '/c'], rounds, together).finally(() => agent.destroy());
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** Asks for every path so often, `together` at a time. Throws unless each answers 200. */
export async function loadRoutes(
  ask: (path: string) => Promise<number | undefined>,
  paths: string[],
  rounds: number,
  together: number,
): Promise<void> {
  let asked = 0;
  const client = async (): Promise<void> => {
    while (asked < rounds * paths.length) {
      const path = paths[asked++ % paths.length] as string;
      const status = await ask(path);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: together }, client));
}

function answerOf(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    request.once('error', reject);
  });
}
