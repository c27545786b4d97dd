import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { askUntil } from './ask-until.ts';
import { CLEAN } from './build-app.ts';

/** How to start a server: `node`, or another program, with these arguments. `PORT` and `HOSTNAME` are set. */
export interface StartOptions {
  program?: string;
  cwd: string;
  args: (port: number) => string[];
  env?: Record<string, string | undefined>;
  /** Before the path of every route. */
  basePath?: string | undefined;
  /** The user, and group, to run as. Default: whoever runs the tests. */
  uid?: number | undefined;
}

/** A server that was started and has answered once. */
export class RunningApp {
  readonly #child: ChildProcess;
  readonly #origin: string;
  #output = '';

  static async start(options: StartOptions): Promise<RunningApp> {
    const app = new RunningApp(options, await freePort());
    try {
      await app.#ready();
    } catch (error) {
      await app.stop();
      throw error;
    }
    return app;
  }

  /** Starts `server.js` of a standalone output in its folder. */
  static startStandalone(
    folder: string,
    env: Record<string, string | undefined>,
    options: Pick<StartOptions, 'basePath' | 'uid'> = {},
  ): Promise<RunningApp> {
    return RunningApp.start({ cwd: folder, args: () => ['server.js'], env, ...options });
  }

  private constructor({ program = process.execPath, cwd, args, env, basePath = '', uid }: StartOptions, port: number) {
    this.#origin = `http://127.0.0.1:${port}${basePath}`;
    this.#child = spawn(program, args(port), {
      cwd,
      env: { ...process.env, ...CLEAN, PORT: String(port), HOSTNAME: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    this.#child.stdout?.on('data', (text) => (this.#output += text));
    this.#child.stderr?.on('data', (text) => (this.#output += text));
  }

  /** What the server printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Of the process that was started; `next dev` serves from a child of it. */
  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the server has no process');
    return this.#child.pid;
  }

  get(path: string, init?: RequestInit): Promise<Response> {
    // A kept connection would hold up the server's end: it waits for its clients first.
    const headers = new Headers(init?.headers);
    headers.set('connection', 'close');
    return fetch(this.#origin + path, { ...init, headers });
  }

  /** Ends the server as a platform does, with SIGTERM, and by force after ten seconds. */
  async stop(how: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    if (this.#ended) return this.#child.exitCode ?? this.#child.signalCode;
    const ended = once(this.#child, 'exit');
    this.#child.kill(how);
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    const [code, signal] = await ended;
    clearTimeout(force);
    return code ?? signal;
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #ready(timeoutMs = 60_000): Promise<void> {
    const ask = () =>
      this.get('/api/light').then(
        ({ status }) => status,
        () => 0,
      );
    const status = await askUntil(
      ask,
      (last) => last === 200 || this.#ended,
      () => `the server did not answer:\n${this.#output}`,
      timeoutMs,
    );
    if (status !== 200) throw new Error(`the server ended:\n${this.#output}`);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
